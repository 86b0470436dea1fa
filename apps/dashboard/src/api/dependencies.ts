import type { BlobStore } from '@xvision/blob-store';
import type { Catalogue } from '@xvision/catalogue';
import type { Pipeline } from '@xvision/contracts';
import type { DecoderPool } from '@xvision/imaging';
import type { MapDrawer } from '../explanation/explain-aside.js';
import type { ModelWriter } from '../export/export-aside.js';
import type { EventFeed } from '../live/event-feed.js';
import type { PipelineFeed } from '../live/pipeline-feed.js';
import type { StorageGauge } from '../live/storage-gauge.js';

/** What the broker is asked for; both answer null while it is away. */
export interface Broker {
  lag(): Promise<Pipeline['consumers']>;
  version(): string | null;
}

export interface ApiLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** What the API needs; the process opens and closes it. */
export interface ApiDependencies {
  readonly catalogue: Catalogue;
  readonly blobs: BlobStore;
  readonly quarantine: BlobStore;
  readonly broker: Broker;
  readonly events: EventFeed;
  readonly pipeline: PipelineFeed;
  readonly storage: StorageGauge;
  /** Draws explanations in a thread of its own. */
  readonly maps: Pick<MapDrawer, 'draw'>;
  /** Decodes originals in a process of its own. */
  readonly decoder: Pick<DecoderPool, 'greyValues'>;
  /** Writes models in other formats, in a thread as well. */
  readonly exports: ModelWriter;
  readonly log: ApiLog;
  readonly version: string;
  /** `token`: every request names who asks. `none`: only loopback is listened on. */
  readonly authentication: 'none' | 'token';
  /** Of one token or address; counts only where tokens are asked for. */
  readonly requestsPerMinute: number;
  readonly maxUploadBytes: number;
  /** Folder of the built page; without it only the API is served. */
  readonly webRoot?: string;
  /** Ends the open streams, so that the server can close. */
  readonly stopping: AbortSignal;
}
