/** A map cannot be made of this model, by this method or with these weights; the message says why and what to do. */
export class UnexplainableError extends Error {
  override readonly name = 'UnexplainableError';
}
