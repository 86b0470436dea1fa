import type { Estimate } from '@xvision/contracts';
import { type BootstrapOptions, patientBootstrap, type Statistic } from './bootstrap.js';
import { estimate, type Interval, UNDEFINED_ESTIMATE } from './interval.js';
import { Z_95 } from './normal-distribution.js';
import { rocAuc, weightedAuc } from './roc.js';

/** Images with one score each; `labels` are 1 for the positive class and 0 for the rest. */
export interface ScoredImages {
  readonly labels: readonly number[];
  readonly scores: readonly number[];
  readonly patients: readonly string[];
}

/** AUC with its patient-cluster bootstrap interval; undefined when only one class is present. */
export function aucEstimate(images: ScoredImages, options: BootstrapOptions = {}): Estimate {
  const auc = rocAuc(images.labels, images.scores);
  if (auc === null) return UNDEFINED_ESTIMATE;
  if (auc === 0 || auc === 1) return estimate(auc, newcombeInterval(auc, patientsPerClass(images)));
  const [interval = null] = patientBootstrap(images.patients, [weightedAuc(images.labels, images.scores)], options);
  return estimate(auc, interval);
}

/** Images with one probability per class each. */
interface ClassScores {
  readonly labels: readonly number[];
  readonly probabilities: readonly (readonly number[])[];
  readonly patients: readonly string[];
}

/** The AUC of a report: of the last of two classes, or the mean over more classes of each against the rest. */
export function modelAuc(images: ClassScores, options: BootstrapOptions = {}): Estimate {
  const { labels, probabilities, patients } = images;
  if ((probabilities[0]?.length ?? 2) > 2) return oneAgainstRestAuc(images, options);
  return aucEstimate({ labels, scores: probabilities.map((row) => row[1] ?? 0), patients }, options);
}

/** The mean over classes of each class's AUC against the rest; undefined when a class has no image, or has them all. */
export function oneAgainstRestAuc(images: ClassScores, options: BootstrapOptions = {}): Estimate {
  const statistic = meanAucStatistic(images);
  const auc = statistic(new Float64Array(images.labels.length).fill(1));
  if (auc === null) return UNDEFINED_ESTIMATE;
  const [interval = null] = patientBootstrap(images.patients, [statistic], options);
  return estimate(auc, interval);
}

/** Two classes: the AUC of the last. More: the mean of one against rest. */
export function meanAucStatistic(images: {
  readonly labels: readonly number[];
  readonly probabilities: readonly (readonly number[])[];
}): Statistic {
  const classes = images.probabilities[0]?.length ?? 0;
  const positives = classes === 2 ? [1] : Array.from({ length: classes }, (_, k) => k);
  const statistics = positives.map((positive) =>
    weightedAuc(
      images.labels.map((label) => (label === positive ? 1 : 0)),
      images.probabilities.map((row) => row[positive] ?? 0),
    ),
  );
  return (weights) => {
    const values = statistics.map((statistic) => statistic(weights)).filter((value) => value !== null);
    if (values.length < positives.length || values.length === 0) return null;
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
}

/**
 * Newcombe's score interval of an AUC (2006, part 2, method 5): the AUCs that the observed one does not contradict.
 * For perfect separation, where every resample and DeLong's variance would claim certainty.
 */
export function newcombeInterval(
  auc: number,
  sizes: { readonly positives: number; readonly negatives: number },
): Interval {
  const { positives, negatives } = sizes;
  const pairsPerSide = (positives + negatives) / 2 - 1;
  function contradicts(candidate: number): boolean {
    const spread =
      1 + (pairsPerSide * (1 - candidate)) / (2 - candidate) + (pairsPerSide * candidate) / (1 + candidate);
    const variance = (candidate * (1 - candidate) * spread) / (positives * negatives);
    return (auc - candidate) ** 2 > Z_95 * Z_95 * variance;
  }
  return { low: boundary(contradicts, 0, auc), high: boundary(contradicts, 1, auc) };
}

/** Bisects from a contradicted end towards the observed value. */
function boundary(contradicts: (candidate: number) => boolean, end: number, observed: number): number {
  if (end === observed) return end;
  let outside = end;
  let inside = observed;
  for (let step = 0; step < 60; step += 1) {
    const middle = (outside + inside) / 2;
    if (contradicts(middle)) outside = middle;
    else inside = middle;
  }
  return inside;
}

function patientsPerClass(images: ScoredImages): { positives: number; negatives: number } {
  const positive = new Set(images.patients.filter((_, i) => images.labels[i] === 1));
  const negative = new Set(images.patients.filter((_, i) => images.labels[i] !== 1));
  return { positives: positive.size, negatives: negative.size };
}
