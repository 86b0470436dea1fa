/** The model cannot leave in this format, or not with these weights; the message says why and what to do. */
export class UnexportableError extends Error {
  override readonly name = 'UnexportableError';
}
