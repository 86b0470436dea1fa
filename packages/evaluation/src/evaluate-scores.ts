import type { Estimate, Metrics } from '@xvision/contracts';
import { meanAucStatistic, modelAuc } from './auc-estimate.js';
import { covariateRow, outOfFoldLogistic } from './baseline.js';
import { type BootstrapOptions, meanStatistic, patientBootstrap } from './bootstrap.js';
import { brierLosses, brierScore } from './calibration.js';
import { f1FromAgreement, proportion } from './clustered-proportion.js';
import { pairedAucDifference } from './comparison.js';
import { confusionMatrix } from './confusion.js';
import { furtherMetrics } from './further-metrics.js';
import { estimate } from './interval.js';
import { type EvaluatedImage, type PooledScores, pool } from './pooled-scores.js';
import { baselineVerdict } from './verdict.js';
import { type ReportContext, warningsOf } from './warnings.js';

export interface EvaluationInput {
  /** In the order of the model's outputs; the last is the positive one of two. */
  readonly classes: readonly string[];
  readonly images: readonly EvaluatedImage[];
  readonly context: ReportContext;
  readonly bootstrap?: BootstrapOptions;
}

export interface Evaluation {
  readonly metrics: Metrics;
  /** Every single number by name, for look-up and comparison: the metrics above and more. */
  readonly named: ReadonlyMap<string, Estimate>;
}

/**
 * Everything that a run's report says about its scores. Repeats are pooled by averaging each image's probabilities;
 * the within-fold AUC is the mean over every fold of every repeat. Throws RangeError for an image scored with
 * something other than one finite probability per class.
 */
export function evaluateScores(input: EvaluationInput): Evaluation {
  const { classes, images, context, bootstrap = {} } = input;
  const tested = images.filter((image) => image.scores.length > 0);
  const pooled = pool(tested, classes.length);
  const { labels, patients, probabilities, predicted } = pooled;
  const auc = modelAuc(pooled, bootstrap);
  const losses = brierLosses(labels, probabilities);
  const [brierInterval = null] = patientBootstrap(patients, [meanStatistic(losses)], bootstrap);
  const grey = greyRows(images);
  const baseline = grey === null ? null : baselineAgainst(input, grey, pooled);
  const facts = covariateRows(images);
  const covariates = facts === null ? null : baselineAgainst(input, facts, pooled);

  const metrics: Metrics = {
    auc,
    withinFoldAuc: aucWithinFolds(tested, classes.length),
    accuracy: proportion(labels.map((label, i) => ({ success: predicted[i] === label, patient: patients[i] ?? '' }))),
    brier: estimate(brierScore(labels, probabilities), brierInterval),
    classes: [...classes],
    confusion: confusionMatrix(labels, predicted, classes.length),
    perClass: classes.map((label, k) => ({ label, ...classMetrics(pooled, k) })),
    baseline: baseline === null ? null : { ...baseline, verdict: baselineVerdict(baseline.auc, baseline.gain) },
    warnings: [],
  };
  const reported = { ...metrics, warnings: warningsOf({ metrics, images, context, pooled }) };
  return { metrics: reported, named: furtherMetrics({ metrics: reported, pooled, covariates, bootstrap }) };
}

function classMetrics(pooled: PooledScores, k: number) {
  const cases = pooled.labels.map((label, i) => ({
    isTrue: label === k,
    isCalled: pooled.predicted[i] === k,
    success: label === k && pooled.predicted[i] === k,
    patient: pooled.patients[i] ?? '',
  }));
  return {
    precision: proportion(cases.filter((one) => one.isCalled)),
    recall: proportion(cases.filter((one) => one.isTrue)),
    f1: f1FromAgreement(cases.filter((one) => one.isTrue || one.isCalled)),
    support: cases.filter((one) => one.isTrue).length,
  };
}

/** Null with a single fold (a hold-out), where it would repeat the pooled AUC, and where no fold has every class. */
function aucWithinFolds(tested: readonly EvaluatedImage[], classes: number): number | null {
  const folds = new Map<string, { labels: number[]; probabilities: (readonly number[])[] }>();
  for (const image of tested) {
    for (const { repeat, fold, probabilities } of image.scores) {
      const key = `${repeat}/${fold}`;
      const group = folds.get(key) ?? { labels: [], probabilities: [] };
      group.labels.push(image.label);
      group.probabilities.push(probabilities);
      folds.set(key, group);
    }
  }
  if (folds.size < 2 || classes < 2) return null;
  const values = [...folds.values()]
    .map((fold) => meanAucStatistic(fold)(new Float64Array(fold.labels.length).fill(1)))
    .filter((value) => value !== null);
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Null unless every image has its statistics: a baseline on other images than the model's compares nothing. */
function greyRows(images: readonly EvaluatedImage[]): (readonly number[])[] | null {
  const rows = images.map((image) => image.grey).filter((row) => row !== null);
  return rows.length === images.length && rows.length > 0 ? rows : null;
}

/** Null where all that is known of the images is the same, so that nothing could be told from it. */
function covariateRows(images: readonly EvaluatedImage[]): (readonly (number | null)[])[] | null {
  const rows = images.map((image) => covariateRow(image.covariates));
  const varies = [0, 1, 2].some((k) => new Set(rows.map((row) => row[k]).filter((value) => value !== null)).size > 1);
  return varies ? rows : null;
}

function baselineAgainst(
  input: EvaluationInput,
  rows: readonly (readonly (number | null)[])[],
  pooled: PooledScores,
): { auc: Estimate; gain: Estimate } | null {
  const { images, classes, bootstrap = {} } = input;
  const scores = outOfFoldLogistic({
    rows,
    labels: images.map((image) => image.label),
    classes: classes.length,
    folds: images.map((image) => image.folds),
  });
  if (scores === null) return null;
  const probabilities = scores.filter((_, i) => (images[i]?.scores.length ?? 0) > 0);
  const second = probabilities.filter((row) => row !== null);
  // A tested image without a fold of its own has no baseline score; then nothing is compared.
  if (second.length !== pooled.labels.length || second.length === 0) return null;
  const { labels, patients } = pooled;
  return {
    auc: modelAuc({ ...pooled, probabilities: second }, bootstrap),
    gain: pairedAucDifference({ labels, patients, first: pooled.probabilities, second }, bootstrap),
  };
}
