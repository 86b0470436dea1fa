/** There is no such thing: look it up in the list of its kind. */
export class NotFoundError extends Error {
  override readonly name = 'NotFoundError';
}

/** The request is sound, the state of things does not allow it: the message says what to do instead. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';
}

export interface Fault {
  readonly path: string;
  readonly message: string;
}

/** The request breaks its own schema; every fault is named. */
export class InvalidRequestError extends Error {
  override readonly name = 'InvalidRequestError';
  readonly faults: readonly Fault[];

  constructor(message: string, faults: readonly Fault[] = []) {
    super(message);
    this.faults = faults;
  }
}

/** The request names things that are not there or not fit for it. */
export class UnfitRequestError extends Error {
  override readonly name = 'UnfitRequestError';
}

/** Whoever asks has asked too often in a short time: wait. */
export class TooManyRequestsError extends Error {
  override readonly name = 'TooManyRequestsError';
}

/** Nobody has said who is asking: send a token. */
export class UnauthenticatedError extends Error {
  override readonly name = 'UnauthenticatedError';
}

/** Who asks may not do this. */
export class ForbiddenError extends Error {
  override readonly name = 'ForbiddenError';
}

/** The part that is asked for lies behind the end. */
export class UnsatisfiableRangeError extends Error {
  override readonly name = 'UnsatisfiableRangeError';
  readonly size: number;

  constructor(size: number) {
    super(`the file has ${size} bytes: ask for a part inside of it`);
    this.size = size;
  }
}
