import type { Estimate, PairedEstimate } from '@xvision/contracts';
import { meanAucStatistic, modelAuc } from './auc-estimate.js';
import { type BootstrapOptions, meanStatistic, patientBootstrap } from './bootstrap.js';
import { brierLosses } from './calibration.js';
import { proportion } from './clustered-proportion.js';
import { predictedClass } from './confusion.js';
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

/** Two scorings of the same images, number by number. */
export interface PairedMetrics {
  readonly auc: PairedEstimate;
  readonly accuracy: PairedEstimate;
  readonly brier: PairedEstimate;
}

/** Each number of both scorings, and the first minus the second with the interval of the paired patient bootstrap. */
export function pairedMetrics(scores: PairedScores, options: BootstrapOptions = {}): PairedMetrics {
  const first = scored(scores, scores.first, options);
  const second = scored(scores, scores.second, options);
  const difference = (name: 'right' | 'losses') => {
    const values = first[name].map((value, i) => value - (second[name][i] ?? 0));
    return meanEstimate(values, scores.patients, options);
  };
  return {
    auc: { first: first.auc, second: second.auc, difference: pairedAucDifference(scores, options) },
    accuracy: { first: first.accuracy, second: second.accuracy, difference: difference('right') },
    brier: { first: first.brier, second: second.brier, difference: difference('losses') },
  };
}

function scored(
  { labels, patients }: PairedScores,
  probabilities: readonly (readonly number[])[],
  options: BootstrapOptions,
) {
  const right = probabilities.map((row, i) => Number(predictedClass(row) === labels[i]));
  const losses = brierLosses(labels, probabilities);
  return {
    right,
    losses,
    auc: modelAuc({ labels, probabilities, patients }, options),
    accuracy: proportion(right.map((one, i) => ({ success: one === 1, patient: patients[i] ?? '' }))),
    brier: meanEstimate(losses, patients, options),
  };
}

function meanEstimate(values: readonly number[], patients: readonly string[], options: BootstrapOptions): Estimate {
  const statistic = meanStatistic(values);
  const [interval = null] = patientBootstrap(patients, [statistic], options);
  return estimate(statistic(new Float64Array(values.length).fill(1)), interval);
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
