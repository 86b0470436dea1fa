import type { ExplanationMethod } from '@xvision/contracts';
import type { HeadCard } from '@xvision/learning';

/** A map of one image, and how it shall be drawn; everything is named by content. */
export interface MapQuestion {
  readonly model: { readonly sha256: string; readonly card: HeadCard };
  readonly image: {
    readonly featureSha256: string;
    readonly preparedSha256: string;
    readonly originalSha256: string;
  };
  readonly method: ExplanationMethod;
  readonly className: string;
  /** `overlay`: over the radiograph; `heat-map`: alone; `npy`: the raw values. */
  readonly form: 'overlay' | 'heat-map' | 'npy';
  readonly size: '224' | 'original';
  /** Of an overlay. */
  readonly opacity: number;
  /** Strike the picture out: the map failed its tests. */
  readonly crossed: boolean;
}

/** Where the thread finds what it needs. */
export interface MapNeeds {
  readonly storeRoot: string;
  /** Where fetched weights are kept; without it only methods that need no weights can be asked for. */
  readonly cacheDir: string | undefined;
  readonly weightsFile: string | undefined;
  readonly offline: boolean;
  readonly threads: number;
}

export interface MapRequest {
  readonly id: number;
  readonly question: MapQuestion;
}

export type MapReply = { readonly id: number } & (
  | { readonly bytes: Uint8Array }
  | { readonly error: { readonly name: string; readonly message: string } }
);
