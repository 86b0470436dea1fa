import { once } from 'node:events';
import type { Context } from './context.js';

/** Waits for Ctrl-C or SIGTERM. */
export async function untilInterrupted({ interrupted }: Context): Promise<void> {
  // A pending promise alone does not keep Node alive.
  const alive = setInterval(() => undefined, 60_000);
  try {
    if (!interrupted.aborted) await once(interrupted, 'abort');
  } finally {
    clearInterval(alive);
  }
}
