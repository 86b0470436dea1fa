import type { RejectionReason } from '@xvision/contracts';
import type { Prepared, PrepareOptions } from './prepare.js';

/** What the pool asks of its child process. */
export interface DecodeRequest {
  readonly bytes: Uint8Array;
  readonly options: PrepareOptions;
}

/** `fault` is a failure of the decoder itself, not of the image: a codec that cannot be loaded, say. */
export type DecodeReply =
  | { readonly kind: 'prepared'; readonly prepared: Prepared }
  | { readonly kind: 'unfit'; readonly reason: RejectionReason; readonly message: string }
  | { readonly kind: 'fault'; readonly message: string };
