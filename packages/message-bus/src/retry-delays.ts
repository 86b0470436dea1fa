/** Waits before the second, third, fourth and every later attempt, in milliseconds. */
export const RETRY_DELAYS_MS: readonly number[] = [5_000, 30_000, 120_000, 600_000];

/** Spread, so that messages that failed together do not come back together. */
const SPREAD = 0.2;

/** How long to wait after attempt number `delivery` (from 1) failed; `random` is in [0, 1). */
export function retryDelay(delivery: number, delays: readonly number[], random: number): number {
  const base = delays[Math.min(delivery, delays.length) - 1] ?? 0;
  return Math.round(base * (1 + SPREAD * (2 * random - 1)));
}
