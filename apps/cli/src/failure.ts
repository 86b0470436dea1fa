/** The command was used wrongly: exit code 2. The message says what to write instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The command was right but could not be done: exit code 1. The message says what happened and what to do. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** The message of an error and of everything that caused it, without stack traces. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}\n  because: ${explain(error.cause)}`;
}
