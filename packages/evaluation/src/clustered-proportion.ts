import type { Estimate } from '@xvision/contracts';
import { estimate, type Interval, UNDEFINED_ESTIMATE, wilson } from './interval.js';

/** One image of a proportion's denominator: whether it counts in the numerator, and whose it is. */
export interface Trial {
  readonly success: boolean;
  readonly patient: string;
}

/**
 * Size of a simple sample that would know as much as these images do: images of one patient resemble each other.
 * Design effect from the between-patient variance (Rao & Scott 1992), never below 1; where the proportion is 0 or 1
 * and so no variance shows, a patient counts once.
 */
export function effectiveSampleSize(trials: readonly Trial[]): number {
  const patients = new Map<string, { n: number; successes: number }>();
  for (const { success, patient } of trials) {
    const seen = patients.get(patient) ?? { n: 0, successes: 0 };
    patients.set(patient, { n: seen.n + 1, successes: seen.successes + Number(success) });
  }
  const n = trials.length;
  if (patients.size === n || n === 0) return n;

  const p = trials.filter((trial) => trial.success).length / n;
  if (p === 0 || p === 1 || patients.size === 1) return patients.size;
  let squares = 0;
  for (const one of patients.values()) squares += (one.successes - p * one.n) ** 2;
  const variance = ((patients.size / (patients.size - 1)) * squares) / (n * n);
  const designEffect = variance / ((p * (1 - p)) / n);
  return n / Math.max(1, designEffect);
}

/** Wilson's interval at the effective sample size; plain Wilson when every patient has one image. Null for no trials. */
export function clusteredWilson(trials: readonly Trial[]): Interval | null {
  if (trials.length === 0) return null;
  const size = effectiveSampleSize(trials);
  const p = trials.filter((trial) => trial.success).length / trials.length;
  return wilson(p * size, size);
}

/** The proportion of successes with its interval; undefined for no trials. */
export function proportion(trials: readonly Trial[]): Estimate {
  if (trials.length === 0) return UNDEFINED_ESTIMATE;
  return estimate(trials.filter((trial) => trial.success).length / trials.length, clusteredWilson(trials));
}

/**
 * F1 = 2 J / (1 + J), where J = TP / (TP + FP + FN) is a proportion over the images that either the truth or the model
 * calls this class. F1 grows with J, so the ends of J's Wilson interval become those of F1, also at F1 = 0 and 1,
 * where a bootstrap would claim certainty. Pass those images, success = both agree.
 */
export function f1FromAgreement(trials: readonly Trial[]): Estimate {
  const { value, low, high } = proportion(trials);
  if (value === null || low === null || high === null) return UNDEFINED_ESTIMATE;
  return { value: dice(value), low: dice(low), high: dice(high) };
}

function dice(jaccard: number): number {
  return (2 * jaccard) / (1 + jaccard);
}
