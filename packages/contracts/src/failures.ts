/** Retry later: the cause lies outside the message (network, disk, a busy GPU). */
export class TransientError extends Error {
  override readonly name = 'TransientError';
}

/** Never retry: the message itself cannot succeed. */
export class PoisonMessageError extends Error {
  override readonly name = 'PoisonMessageError';
}
