import { setTimeout as sleep } from 'node:timers/promises';

/** Spaces the starts of requests evenly, so that a harvest never becomes a burst. */
export class RateLimit {
  private readonly intervalMs: number;
  private next = 0;

  constructor(perSecond: number) {
    this.intervalMs = 1000 / perSecond;
  }

  /** Resolves when the caller may start its request; rejects when the signal aborts. */
  async turn(signal: AbortSignal): Promise<void> {
    const now = performance.now();
    const start = Math.max(now, this.next);
    this.next = start + this.intervalMs;
    if (start > now) await sleep(start - now, undefined, { signal });
    signal.throwIfAborted();
  }
}
