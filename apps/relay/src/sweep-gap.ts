/** Many small changes are swept together, and sweeping takes no more than a tenth of the time however large a collection is. */
const LEAST_MS = 200;
const SHARE = 10;
/** A sweep that took longer than a second was held up, by a lock or a machine that slept: that says nothing of the next one. */
const MOST_MS = 10_000;

/** How long to wait after a sweep that took so long, in milliseconds. */
export function gapAfterSweep(tookMs: number): number {
  return Math.min(MOST_MS, Math.max(LEAST_MS, tookMs * SHARE));
}
