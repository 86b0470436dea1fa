import { type BlobMeasure, measureBlobs } from '@xvision/blob-store';
import type { ApiLog } from '../api/dependencies.js';

/** A count is good for this long: a store of a million files takes a while to count. */
const FRESH_MS = 5 * 60_000;

export interface StorageGauge {
  /** The last count; undefined while the first goes on. Asking begins a new one when the last is old. */
  read(): (BlobMeasure & { readonly measuredAt: Date }) | undefined;
}

/** Counts the blobs beside the requests, and only while somebody asks. */
export function createStorageGauge(options: {
  readonly storeRoot: string;
  readonly log: Pick<ApiLog, 'warn'>;
  readonly stopping: AbortSignal;
}): StorageGauge {
  const { storeRoot, log, stopping } = options;
  let last: ReturnType<StorageGauge['read']>;
  let counting = false;
  const count = async (): Promise<void> => {
    counting = true;
    try {
      last = { ...(await measureBlobs({ XVISION_STORE: storeRoot }, stopping)), measuredAt: new Date() };
    } catch (error) {
      if (!stopping.aborted) log.warn({ reason: String(error) }, 'the blob store could not be counted');
    } finally {
      counting = false;
    }
  };
  return {
    read: () => {
      const old = last === undefined || Date.now() - last.measuredAt.getTime() > FRESH_MS;
      if (old && !counting) void count();
      return last;
    },
  };
}
