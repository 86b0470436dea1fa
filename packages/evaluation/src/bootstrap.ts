import type { Interval } from './interval.js';
import { seededRandom } from './random.js';

/** A number computed from images that count `weights[i]` times each; null where that resample does not define it. */
export type Statistic = (weights: Float64Array) => number | null;

export interface BootstrapOptions {
  readonly resamples?: number;
  readonly seed?: number;
}

/** science.md section 4. */
export const RESAMPLES = 2_000;

/** One seed for every report, so that equal scores give equal intervals. */
export const BOOTSTRAP_SEED = 20_260_101;

/**
 * Resamples whole patients with replacement, since images of one patient come and go together, and gives each
 * statistic's 2.5 and 97.5 percentiles over the same resamples. An interval is null when half of its resamples were
 * undefined. The same seed gives the same bits.
 */
export function patientBootstrap(
  patients: readonly string[],
  statistics: readonly Statistic[],
  options: BootstrapOptions = {},
): (Interval | null)[] {
  const { resamples = RESAMPLES, seed = BOOTSTRAP_SEED } = options;
  const draws: number[][] = statistics.map(() => []);
  resamplePatients(patients, { resamples, seed }, (weights) => {
    for (const [index, statistic] of statistics.entries()) {
      const value = statistic(weights);
      if (value !== null) draws[index]?.push(value);
    }
  });
  return draws.map((values) => intervalOf(values, resamples));
}

/** As {@link patientBootstrap}, for one statistic of `length` numbers, such as the points of a curve. */
export function curveBootstrap(
  patients: readonly string[],
  curve: { readonly length: number; readonly statistic: (weights: Float64Array) => readonly number[] | null },
  options: BootstrapOptions = {},
): (Interval | null)[] {
  const { resamples = RESAMPLES, seed = BOOTSTRAP_SEED } = options;
  const draws: number[][] = Array.from({ length: curve.length }, () => []);
  resamplePatients(patients, { resamples, seed }, (weights) => {
    for (const [index, value] of (curve.statistic(weights) ?? []).entries()) draws[index]?.push(value);
  });
  return draws.map((values) => intervalOf(values, resamples));
}

/** The mean of one number an image, whatever the images count. */
export function meanStatistic(values: readonly number[]): Statistic {
  return (weights) => {
    let sum = 0;
    let total = 0;
    for (const [i, value] of values.entries()) {
      const weight = weights[i] ?? 0;
      sum += value * weight;
      total += weight;
    }
    return total === 0 ? null : sum / total;
  };
}

function resamplePatients(
  patients: readonly string[],
  { resamples, seed }: Required<BootstrapOptions>,
  visit: (weights: Float64Array) => void,
): void {
  const { patientOf, count } = numbered(patients);
  const random = seededRandom(seed);
  const times = new Float64Array(count);
  const weights = new Float64Array(patients.length);
  for (let resample = 0; resample < resamples; resample += 1) {
    times.fill(0);
    for (let draw = 0; draw < count; draw += 1) {
      const patient = random.below(count);
      times[patient] = (times[patient] ?? 0) + 1;
    }
    for (const [image, patient] of patientOf.entries()) weights[image] = times[patient] ?? 0;
    visit(weights);
  }
}

function intervalOf(values: readonly number[], resamples: number): Interval | null {
  return values.length * 2 <= resamples ? null : percentileInterval(values);
}

/** Linear interpolation between order statistics (numpy's default). */
function percentileInterval(values: readonly number[]): Interval {
  const sorted = Float64Array.from(values).sort();
  return { low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) };
}

function quantile(sorted: Float64Array, p: number): number {
  const position = (sorted.length - 1) * p;
  const below = Math.floor(position);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? low;
  return low + (position - below) * (high - low);
}

function numbered(patients: readonly string[]): { patientOf: Uint32Array; count: number } {
  const numbers = new Map<string, number>();
  const patientOf = Uint32Array.from(patients, (patient) => {
    const known = numbers.get(patient) ?? numbers.size;
    numbers.set(patient, known);
    return known;
  });
  return { patientOf, count: numbers.size };
}
