import type { Estimate } from '@xvision/contracts';
import { Z_95 } from './normal-distribution.js';

/** The ends of a 95 % interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** What the data do not define. */
export const UNDEFINED_ESTIMATE: Estimate = Object.freeze({ value: null, low: null, high: null });

/** A value with its interval; undefined as a whole where the value is, and without ends where the interval is. */
export function estimate(value: number | null, interval: Interval | null): Estimate {
  if (value === null) return UNDEFINED_ESTIMATE;
  return { value, low: interval?.low ?? null, high: interval?.high ?? null };
}

/**
 * Wilson's score interval of a proportion, without continuity correction; null for an empty denominator.
 * `total` may be an effective sample size, hence not a whole number.
 */
export function wilson(successes: number, total: number): Interval | null {
  if (total <= 0) return null;
  const p = successes / total;
  const z2 = Z_95 * Z_95;
  const centre = (p + z2 / (2 * total)) / (1 + z2 / total);
  const half = (Z_95 / (1 + z2 / total)) * Math.sqrt((p * (1 - p)) / total + z2 / (4 * total * total));
  // Rounding must not push an end past the value itself (0 of n, n of n).
  return { low: Math.max(0, Math.min(p, centre - half)), high: Math.min(1, Math.max(p, centre + half)) };
}
