import type { Estimate, Metrics } from '@xvision/contracts';
import { aucEstimate } from './auc-estimate.js';
import { type BootstrapOptions, patientBootstrap } from './bootstrap.js';
import { calibrationErrors, logLoss, topLabelCalibrationError } from './calibration.js';
import { summarise } from './confusion.js';
import { delongAuc } from './delong.js';
import { estimate } from './interval.js';
import type { PooledScores } from './pooled-scores.js';
import { averagePrecision, weightedAveragePrecision } from './roc.js';
import { fitTemperature } from './temperature.js';

interface Input {
  readonly metrics: Metrics;
  readonly pooled: PooledScores;
  readonly covariates: { readonly auc: Estimate; readonly gain: Estimate } | null;
  readonly bootstrap: BootstrapOptions;
}

/** Every number of a report under a name of its own, for look-up and comparison; see docs of the `metric` table. */
export function furtherMetrics({ metrics, pooled, covariates, bootstrap }: Input): ReadonlyMap<string, Estimate> {
  const { labels, probabilities, predicted } = pooled;
  const summary = summarise(metrics.confusion);
  const named = new Map<string, Estimate>([
    ['auc', metrics.auc],
    ['auc.within-fold', bare(metrics.withinFoldAuc)],
    ['accuracy', metrics.accuracy],
    ['brier', metrics.brier],
    ['balanced-accuracy', bare(summary.balancedAccuracy)],
    ['macro-f1', bare(summary.macroF1)],
    ['weighted-f1', bare(summary.weightedF1)],
    ['matthews', bare(summary.matthews)],
    ['kappa', bare(summary.kappa)],
    ['log-loss', bare(logLoss(labels, probabilities))],
    ['calibration-error.top-label', bare(topLabelCalibrationError(labels, probabilities, predicted))],
  ]);
  for (const one of metrics.perClass) {
    named.set(`class.${one.label}.precision`, one.precision);
    named.set(`class.${one.label}.recall`, one.recall);
    named.set(`class.${one.label}.f1`, one.f1);
  }
  if (metrics.baseline !== null) {
    named.set('baseline.auc', metrics.baseline.auc);
    named.set('baseline.gain', metrics.baseline.gain);
  }
  if (covariates !== null) {
    named.set('covariates.auc', covariates.auc);
    named.set('covariates.gain', covariates.gain);
  }
  const more =
    metrics.classes.length === 2
      ? ofThePositiveClass(metrics, pooled, bootstrap)
      : ofEachClass(metrics.classes, pooled, bootstrap);
  for (const [name, value] of more) named.set(name, value);
  return named;
}

function ofThePositiveClass(
  metrics: Metrics,
  pooled: PooledScores,
  bootstrap: BootstrapOptions,
): Iterable<[string, Estimate]> {
  const { labels, patients } = pooled;
  const scores = pooled.probabilities.map((row) => row[1] ?? 0);
  const independent = new Set(patients).size === patients.length;
  const delong = independent ? delongAuc(labels, scores) : null;
  const calibration = calibrationErrors(labels, scores);
  const precision = weightedAveragePrecision(labels, scores);
  const [precisionInterval = null] = patientBootstrap(patients, [precision], bootstrap);
  return [
    ['sensitivity', metrics.perClass[1]?.recall ?? bare(null)],
    ['specificity', metrics.perClass[0]?.recall ?? bare(null)],
    ['average-precision', estimate(averagePrecision(labels, scores), precisionInterval)],
    // DeLong's variance holds for independent images only.
    ['auc.delong', delong === null ? bare(null) : estimate(delong.auc, delong.interval)],
    ['calibration-error', bare(calibration.expected)],
    ['calibration-error.largest', bare(calibration.largest)],
    // From out-of-fold scores: what a later prediction's logits should be divided by.
    ['temperature', bare(fitTemperature(labels, scores)?.temperature ?? null)],
  ];
}

function ofEachClass(
  classes: readonly string[],
  pooled: PooledScores,
  bootstrap: BootstrapOptions,
): Iterable<[string, Estimate]> {
  return classes.map((name, k) => {
    const labels = pooled.labels.map((label) => (label === k ? 1 : 0));
    const scores = pooled.probabilities.map((row) => row[k] ?? 0);
    return [`class.${name}.auc`, aucEstimate({ labels, scores, patients: pooled.patients }, bootstrap)];
  });
}

/** A number that is reported without an interval. */
function bare(value: number | null): Estimate {
  return estimate(value, null);
}
