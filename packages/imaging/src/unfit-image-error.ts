import type { RejectionReason } from '@xvision/contracts';

/** The image itself cannot be used; trying again gives the same answer. `message` is for the person who owns the file. */
export class UnfitImageError extends Error {
  override readonly name = 'UnfitImageError';
  readonly reason: RejectionReason;

  constructor(reason: RejectionReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** The decoder is broken or out of memory, not the image: mend the installation; the image may be tried again. */
export class DecoderFaultError extends Error {
  override readonly name = 'DecoderFaultError';
}

/** Runs a decoder over untrusted bytes: whatever it throws means that the image is unfit. */
export async function unfitOnFailure<Result>(
  reason: RejectionReason,
  what: string,
  decode: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await decode();
  } catch (cause) {
    if (cause instanceof UnfitImageError || cause instanceof DecoderFaultError) throw cause;
    throw new UnfitImageError(reason, `${what}: ${faultOf(cause)}`, { cause });
  }
}

/** Codecs throw strings, numbers and `{ exception }` objects as well as errors. */
function faultOf(cause: unknown): string {
  if (cause instanceof Error) return cause.message;
  if (typeof cause === 'string') return cause;
  if (typeof cause === 'object' && cause !== null && 'exception' in cause) return faultOf(cause.exception);
  return 'the decoder failed';
}
