import type { RejectionReason } from '@xvision/contracts';
import type { DecodedGrey } from './grey-values.js';
import type { Prepared, PrepareOptions } from './prepare.js';
import type { DecodeOptions } from './radiograph.js';

/** What the pool asks of its child process. */
export type DecodeRequest = { readonly bytes: Uint8Array } & (
  | { readonly work: 'prepare'; readonly options: PrepareOptions }
  | { readonly work: 'grey values'; readonly options: DecodeOptions }
);

/** `fault` is a failure of the decoder itself, not of the image: a codec that cannot be loaded, say. */
export type DecodeReply =
  | { readonly kind: 'prepared'; readonly prepared: Prepared }
  | { readonly kind: 'grey values'; readonly grey: DecodedGrey }
  | { readonly kind: 'unfit'; readonly reason: RejectionReason; readonly message: string }
  | { readonly kind: 'fault'; readonly message: string };
