import type { Output } from './output.js';

/** What the outside world gives a command; made once in main.ts. */
export interface Context {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly output: Output;
  readonly stderr: NodeJS.WriteStream;
  /** Aborted by Ctrl-C or SIGTERM. */
  readonly interrupted: AbortSignal;
}
