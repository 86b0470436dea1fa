import type { Interval } from './interval.js';
import { twoSidedNormalP, Z_95 } from './normal-distribution.js';

/** An AUC with DeLong's variance and two 95 % intervals; for images of independent patients. */
export interface DelongAuc {
  readonly auc: number;
  readonly variance: number;
  /** Normal interval clipped to [0, 1], as pROC gives it. */
  readonly interval: Interval;
  /** Normal on the logit scale, which stays inside (0, 1); null where the AUC is 0 or 1. */
  readonly logitInterval: Interval | null;
}

/** Two AUCs on the same images. */
export interface PairedDelong {
  /** First minus second. */
  readonly difference: number;
  readonly interval: Interval;
  readonly covariance: readonly [readonly [number, number], readonly [number, number]];
  /** Null where the difference has no variance (the same ranking twice, say). */
  readonly z: number | null;
  readonly p: number | null;
}

/** Each image's share of the AUC: DeLong's structural components. */
interface Components {
  readonly auc: number;
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
}

/** DeLong 1988 by midranks (Sun & Xu 2014); null with fewer than two images in a class, where no variance exists. */
export function delongAuc(labels: ArrayLike<number>, scores: ArrayLike<number>): DelongAuc | null {
  const components = structuralComponents(labels, scores);
  if (components === null) return null;
  const { auc } = components;
  const variance = covariance(components, components);
  const half = Z_95 * Math.sqrt(variance);
  return {
    auc,
    variance,
    interval: { low: Math.max(0, auc - half), high: Math.min(1, auc + half) },
    logitInterval: auc <= 0 || auc >= 1 ? null : logitInterval(auc, variance),
  };
}

/** DeLong's test of two scores of the same images; null with fewer than two images in a class. */
export function pairedDelong(
  labels: ArrayLike<number>,
  scores: { readonly first: ArrayLike<number>; readonly second: ArrayLike<number> },
): PairedDelong | null {
  const first = structuralComponents(labels, scores.first);
  const second = structuralComponents(labels, scores.second);
  if (first === null || second === null) return null;

  const a = covariance(first, first);
  const b = covariance(second, second);
  const ab = covariance(first, second);
  const difference = first.auc - second.auc;
  const variance = Math.max(0, a + b - 2 * ab);
  const error = Math.sqrt(variance);
  const z = error < 1e-12 ? null : difference / error;
  return {
    difference,
    interval: { low: Math.max(-1, difference - Z_95 * error), high: Math.min(1, difference + Z_95 * error) },
    covariance: [
      [a, ab],
      [ab, b],
    ],
    z,
    p: z === null ? null : twoSidedNormalP(z),
  };
}

/** Standard error of an AUC from its value and the class sizes alone (Hanley & McNeil 1982). */
export function hanleyMcNeilError(auc: number, positives: number, negatives: number): number {
  const q1 = auc / (2 - auc);
  const q2 = (2 * auc * auc) / (1 + auc);
  const spread = auc * (1 - auc) + (positives - 1) * (q1 - auc * auc) + (negatives - 1) * (q2 - auc * auc);
  return Math.sqrt(spread / (positives * negatives));
}

function structuralComponents(labels: ArrayLike<number>, scores: ArrayLike<number>): Components | null {
  const all = Float64Array.from(scores);
  const positive = all.filter((_, i) => labels[i] === 1);
  const negative = all.filter((_, i) => labels[i] !== 1);
  if (positive.length < 2 || negative.length < 2) return null;

  const ranks = midranks(all);
  const amongPositives = midranks(positive);
  const amongNegatives = midranks(negative);
  const positives = ranks
    .filter((_, i) => labels[i] === 1)
    .map((rank, i) => (rank - (amongPositives[i] ?? 0)) / negative.length);
  const negatives = ranks
    .filter((_, i) => labels[i] !== 1)
    .map((rank, i) => 1 - (rank - (amongNegatives[i] ?? 0)) / positive.length);
  return { auc: mean(positives), positives, negatives };
}

function covariance(first: Components, second: Components): number {
  return (
    sampleCovariance(first.positives, second.positives) / first.positives.length +
    sampleCovariance(first.negatives, second.negatives) / first.negatives.length
  );
}

function sampleCovariance(first: Float64Array, second: Float64Array): number {
  const meanFirst = mean(first);
  const meanSecond = mean(second);
  let sum = 0;
  for (const [i, value] of first.entries()) sum += (value - meanFirst) * ((second[i] ?? 0) - meanSecond);
  return sum / (first.length - 1);
}

/** Ranks from 1; tied values share the mean of theirs. */
function midranks(values: Float64Array): Float64Array {
  const order = Array.from(values, (value, index) => ({ value, index })).sort((a, b) => a.value - b.value);
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start;
    while (end < order.length && order[end]?.value === order[start]?.value) end += 1;
    for (const { index } of order.slice(start, end)) ranks[index] = (start + end + 1) / 2;
    start = end;
  }
  return ranks;
}

function logitInterval(auc: number, variance: number): Interval {
  const centre = Math.log(auc / (1 - auc));
  const half = (Z_95 * Math.sqrt(variance)) / (auc * (1 - auc));
  return { low: 1 / (1 + Math.exp(half - centre)), high: 1 / (1 + Math.exp(-half - centre)) };
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
