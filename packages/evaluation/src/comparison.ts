import type { Estimate } from '@xvision/contracts';
import { meanAucStatistic } from './auc-estimate.js';
import { type BootstrapOptions, patientBootstrap } from './bootstrap.js';
import { estimate, UNDEFINED_ESTIMATE } from './interval.js';

/** The same images scored twice; probabilities are rows of one number per class. */
export interface PairedScores {
  readonly labels: readonly number[];
  readonly patients: readonly string[];
  readonly first: readonly (readonly number[])[];
  readonly second: readonly (readonly number[])[];
}

/** AUC of the first minus that of the second, with the interval of a bootstrap that resamples patients for both at once. */
export function pairedAucDifference(scores: PairedScores, options: BootstrapOptions = {}): Estimate {
  const { labels } = scores;
  const first = meanAucStatistic({ labels, probabilities: scores.first });
  const second = meanAucStatistic({ labels, probabilities: scores.second });
  function difference(weights: Float64Array): number | null {
    const a = first(weights);
    const b = second(weights);
    return a === null || b === null ? null : a - b;
  }
  const value = difference(new Float64Array(labels.length).fill(1));
  if (value === null) return UNDEFINED_ESTIMATE;
  const [interval = null] = patientBootstrap(scores.patients, [difference], options);
  return estimate(value, interval);
}

/** McNemar's test of two classifiers on the same images. */
export interface McNemar {
  readonly firstRightSecondWrong: number;
  readonly firstWrongSecondRight: number;
  /** Exact two-sided binomial on the images where just one of them is right; 1 when there are none. */
  readonly p: number;
}

/** Throws RangeError when the three lists differ in length. */
export function mcNemar(
  labels: ArrayLike<number>,
  predicted: { readonly first: ArrayLike<number>; readonly second: ArrayLike<number> },
): McNemar {
  if (predicted.first.length !== labels.length || predicted.second.length !== labels.length) {
    throw new RangeError('McNemar compares predictions of the same images');
  }
  let firstOnly = 0;
  let secondOnly = 0;
  for (let i = 0; i < labels.length; i += 1) {
    const first = predicted.first[i] === labels[i];
    const second = predicted.second[i] === labels[i];
    if (first && !second) firstOnly += 1;
    if (second && !first) secondOnly += 1;
  }
  return {
    firstRightSecondWrong: firstOnly,
    firstWrongSecondRight: secondOnly,
    p: twoSidedCoinP(Math.min(firstOnly, secondOnly), firstOnly + secondOnly),
  };
}

/** Twice the chance of at most k heads in n throws of a fair coin, at most 1. */
function twoSidedCoinP(k: number, n: number): number {
  let logChoose = 0;
  let sum = 0;
  for (let heads = 0; heads <= k; heads += 1) {
    sum += Math.exp(logChoose - n * Math.LN2);
    logChoose += Math.log((n - heads) / (heads + 1));
  }
  return Math.min(1, 2 * sum);
}
