import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from './logger.js';

export interface ReachOptions {
  /** What is waited for, for people: `PostgreSQL`, `NATS`. */
  readonly what: string;
  readonly log: Logger;
  /** Ends the waiting: throws the signal's reason. */
  readonly signal: AbortSignal;
  /** Errors for which waiting is vain, for example a wrong password; thrown at once. */
  readonly fatal?: (error: unknown) => boolean;
}

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 5000;

/** Tries until it works, with a line in the log for each failure: services start alone and in any order. */
export async function untilReachable<Result>(attempt: () => Promise<Result>, options: ReachOptions): Promise<Result> {
  const { what, log, signal, fatal = () => false } = options;
  for (let delay = FIRST_DELAY_MS; ; delay = Math.min(delay * 2, LONGEST_DELAY_MS)) {
    signal.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      if (fatal(error)) throw error;
      const message = error instanceof Error ? error.message : String(error);
      log.warn({ what, reason: message, retryMs: delay }, `${what} cannot be reached yet; trying again`);
      await sleep(delay, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }
}
