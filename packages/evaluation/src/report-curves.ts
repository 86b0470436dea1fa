import { type BootstrapOptions, curveBootstrap } from './bootstrap.js';
import { binOf, type ReliabilityBin, reliabilityBins } from './calibration.js';
import { clusteredWilson, type Trial } from './clustered-proportion.js';
import { type DecisionPoint, decisionCurve } from './decisions.js';
import type { Interval } from './interval.js';
import { type CurvePoint, operatingCurve } from './roc.js';

/** A pointwise 95 % band of the sensitivity at one false-positive rate. */
export interface BandPoint extends Interval {
  readonly falsePositiveRate: number;
}

/** What a two-class report draws. Everything is of the positive class; empty or null where a class is missing. */
export interface ReportCurves {
  /** From the strictest threshold to the loosest; ROC and precision-recall are two views of it. */
  readonly operating: readonly CurvePoint[];
  readonly rocBand: readonly BandPoint[];
  readonly reliability: readonly (ReliabilityBin & { readonly interval: Interval | null })[];
  readonly decision: readonly DecisionPoint[];
}

export interface CurveInput {
  /** 1 for the positive class, 0 for the other. */
  readonly labels: readonly number[];
  readonly probabilities: readonly number[];
  readonly patients: readonly string[];
}

/** Of the band; 2,000 would only smooth what is drawn 300 pixels wide. */
const BAND_RESAMPLES = 500;
const BAND_POINTS = 51;
const DECISION_THRESHOLDS = Array.from({ length: 99 }, (_, i) => (i + 1) / 100);

/** Curves of a run's test scores, with bands by patient bootstrap. */
export function reportCurves(input: CurveInput, options: BootstrapOptions = {}): ReportCurves {
  const { labels, probabilities } = input;
  return {
    operating: operatingCurve(labels, probabilities),
    rocBand: rocBand(input, { resamples: BAND_RESAMPLES, ...options }),
    reliability: reliabilityBins(labels, probabilities).map((bin, index) => ({
      ...bin,
      interval: clusteredWilson(trialsInBin(index, input)),
    })),
    decision: decisionCurve(labels, probabilities, DECISION_THRESHOLDS),
  };
}

function rocBand({ labels, probabilities, patients }: CurveInput, options: BootstrapOptions): BandPoint[] {
  const order = Uint32Array.from(labels, (_, i) => i);
  order.sort((a, b) => (probabilities[b] ?? 0) - (probabilities[a] ?? 0) || a - b);
  const rates = Array.from({ length: BAND_POINTS }, (_, i) => i / (BAND_POINTS - 1));
  const intervals = curveBootstrap(
    patients,
    { length: BAND_POINTS, statistic: (weights) => sensitivitiesAt(rates, { order, labels, weights }) },
    options,
  );
  return rates.flatMap((falsePositiveRate, i) => {
    const interval = intervals[i] ?? null;
    return interval === null ? [] : [{ falsePositiveRate, ...interval }];
  });
}

/** The share of positives that rank before the given shares of negatives are passed; null when a class has no weight. */
function sensitivitiesAt(
  rates: readonly number[],
  ranked: { readonly order: Uint32Array; readonly labels: readonly number[]; readonly weights: Float64Array },
): number[] | null {
  const { order, labels, weights } = ranked;
  let positives = 0;
  let negatives = 0;
  for (const image of order) {
    if (labels[image] === 1) positives += weights[image] ?? 0;
    else negatives += weights[image] ?? 0;
  }
  if (positives === 0 || negatives === 0) return null;
  const found: number[] = [];
  let hits = 0;
  let falseAlarms = 0;
  for (const image of order) {
    if (labels[image] === 1) {
      hits += weights[image] ?? 0;
      continue;
    }
    falseAlarms += weights[image] ?? 0;
    while (found.length < rates.length && falseAlarms > (rates[found.length] ?? 1) * negatives) {
      found.push(hits / positives);
    }
  }
  while (found.length < rates.length) found.push(1);
  return found;
}

function trialsInBin(bin: number, { labels, probabilities, patients }: CurveInput): Trial[] {
  return labels.flatMap((label, i) =>
    binOf(probabilities[i] ?? 0) === bin ? [{ success: label === 1, patient: patients[i] ?? '' }] : [],
  );
}
