import { readFileSync } from 'node:fs';
import path from 'node:path';
import { sharedFolder } from '@xvision/testing';
import { describe, expect, test } from 'vitest';
import { brierScore, calibrationErrors, logLoss, reliabilityBins, topLabelCalibrationError } from './calibration.js';
import { mcNemar } from './comparison.js';
import { confusionMatrix, predictedClass, summarise, thresholded } from './confusion.js';
import { delongAuc, hanleyMcNeilError, pairedDelong } from './delong.js';
import { wilson } from './interval.js';
import { averagePrecision, rocAuc } from './roc.js';
import { fitTemperature } from './temperature.js';

const shared = sharedFolder();

type Pair = readonly [number, number];

interface Expected {
  readonly confusion_true_rows_pred_cols: number[][];
  readonly per_class: readonly { precision: number; recall: number; f1: number; support: number }[];
  readonly wilson95: Readonly<Record<'accuracy' | 'sensitivity' | 'specificity' | 'precision_positive', Pair>>;
  readonly delong_ci95_clipped: Pair;
  readonly delong_ci95_logit: Pair;
  readonly reliability_bins: readonly { n: number; mean_p: number | null; frac_pos: number | null }[];
  readonly [name: string]: unknown;
}

interface Oracle {
  readonly name: string;
  readonly labels: number[];
  readonly scores_a: number[];
  readonly scores_b: number[];
  readonly threshold: number;
  readonly expected: {
    readonly a: Expected;
    readonly b: Expected;
    readonly paired: {
      readonly auc_difference_a_minus_b: number;
      readonly delong_covariance: number[][];
      readonly delong_z: number;
      readonly delong_p_two_sided: number;
      readonly delong_diff_ci95: Pair;
      readonly mcnemar: { a_right_b_wrong: number; a_wrong_b_right: number; exact_p: number };
    };
  };
  readonly r_pROC: Readonly<Record<string, number>>;
}

function readOracle(name: string): Oracle {
  const file = path.join(shared ?? '', 'oracles', 'statistics', `stats-${name}.json`);
  return JSON.parse(readFileSync(file, 'utf8')) as Oracle;
}

/** 1e-9 relative to the value, or absolute near zero. */
function expectClose(actual: unknown, wanted: unknown, tolerance = 1e-9): void {
  if (typeof wanted !== 'number' || typeof actual !== 'number') return expect(actual).toBe(wanted);
  expect(Math.abs(actual - wanted)).toBeLessThanOrEqual(tolerance * Math.max(1e-6, Math.abs(wanted)));
}

function expectInterval(actual: { low: number; high: number } | null | undefined, wanted: Pair): void {
  expectClose(actual?.low, wanted[0]);
  expectClose(actual?.high, wanted[1]);
}

describe.skipIf(shared === undefined)('the statistics of an independent implementation', () => {
  describe.each(['small-tied', 'medium', 'rare-overconfident'])('%s', (name) => {
    const oracle = shared === undefined ? undefined : readOracle(name);
    if (oracle === undefined) return;
    const { labels, threshold } = oracle;

    describe.each([
      { which: 'a' as const, scores: oracle.scores_a },
      { which: 'b' as const, scores: oracle.scores_b },
    ])('scores $which', ({ which, scores }) => {
      const wanted = oracle.expected[which];
      const probabilities = scores.map((p) => [1 - p, p]);
      const predicted = thresholded(scores, threshold);
      const summary = summarise(confusionMatrix(labels, predicted, 2));

      test('confusion matrix and everything that follows from it', () => {
        expect(confusionMatrix(labels, predicted, 2)).toEqual(wanted.confusion_true_rows_pred_cols);
        expect(probabilities.map(predictedClass)).toEqual(predicted);
        for (const [k, one] of wanted.per_class.entries()) {
          expectClose(summary.perClass[k]?.precision, one.precision);
          expectClose(summary.perClass[k]?.recall, one.recall);
          expectClose(summary.perClass[k]?.f1, one.f1);
          expect(summary.perClass[k]?.support).toBe(one.support);
        }
        expectClose(summary.accuracy, wanted['accuracy']);
        expectClose(summary.balancedAccuracy, wanted['balanced_accuracy']);
        expectClose(summary.macroF1, wanted['macro_f1']);
        expectClose(summary.weightedF1, wanted['weighted_f1']);
        expectClose(summary.matthews, wanted['mcc']);
        expectClose(summary.kappa, wanted['kappa']);
        expectClose(summary.perClass[1]?.recall, wanted['sensitivity']);
        expectClose(summary.perClass[0]?.recall, wanted['specificity']);
      });

      test('Wilson intervals', () => {
        const [[tn = 0, fp = 0] = [], [fn = 0, tp = 0] = []] = wanted.confusion_true_rows_pred_cols;
        expectInterval(wilson(tn + tp, labels.length), wanted.wilson95.accuracy);
        expectInterval(wilson(tp, tp + fn), wanted.wilson95.sensitivity);
        expectInterval(wilson(tn, tn + fp), wanted.wilson95.specificity);
        expectInterval(wilson(tp, tp + fp), wanted.wilson95.precision_positive);
      });

      test('AUC, DeLong, Hanley and McNeil, average precision', () => {
        const delong = delongAuc(labels, scores);
        const positives = labels.filter((label) => label === 1).length;
        const negatives = labels.length - positives;
        expectClose(rocAuc(labels, scores), wanted['auc']);
        expectClose((rocAuc(labels, scores) ?? 0) * positives * negatives, wanted['mann_whitney_u']);
        expectClose(delong?.auc, wanted['auc']);
        expectClose(delong?.variance, wanted['delong_var']);
        expectClose(Math.sqrt(delong?.variance ?? 0), wanted['delong_se']);
        expectInterval(delong?.interval, wanted.delong_ci95_clipped);
        expectInterval(delong?.logitInterval, wanted.delong_ci95_logit);
        expectClose(hanleyMcNeilError(delong?.auc ?? 0, positives, negatives), wanted['hanley_mcneil_se']);
        expectClose(averagePrecision(labels, scores), wanted['average_precision']);
        expectClose(delong?.variance, oracle.r_pROC[`var_${which}`]);
      });

      test('Brier, log loss, calibration and temperature', () => {
        const temperature = fitTemperature(labels, scores);
        const bins = reliabilityBins(labels, scores);
        expectClose(brierScore(labels, probabilities), wanted['brier']);
        expectClose(logLoss(labels, probabilities), wanted['log_loss']);
        expectClose(calibrationErrors(labels, scores).expected, wanted['ece10_positive_probability']);
        expectClose(calibrationErrors(labels, scores).largest, wanted['mce10_positive_probability']);
        expectClose(topLabelCalibrationError(labels, probabilities, predicted), wanted['ece10_top_label']);
        for (const [index, bin] of wanted.reliability_bins.entries()) {
          expect(bins[index]?.n).toBe(bin.n);
          expectClose(bins[index]?.meanProbability, bin.mean_p);
          expectClose(bins[index]?.fractionPositive, bin.frac_pos);
        }
        expectClose(temperature?.temperature, wanted['temperature'], 1e-4);
        expectClose(temperature?.before, wanted['nll_at_T1']);
        expectClose(temperature?.after, wanted['nll_at_T']);
      });
    });

    test('paired DeLong and McNemar', () => {
      const { paired } = oracle.expected;
      const delong = pairedDelong(labels, { first: oracle.scores_a, second: oracle.scores_b });
      const mcnemar = mcNemar(labels, {
        first: thresholded(oracle.scores_a, threshold),
        second: thresholded(oracle.scores_b, threshold),
      });
      expectClose(delong?.difference, paired.auc_difference_a_minus_b);
      for (const [i, row] of paired.delong_covariance.entries()) {
        for (const [j, value] of row.entries()) expectClose(delong?.covariance[i]?.[j], value);
      }
      expectClose(delong?.z, paired.delong_z);
      expectClose(delong?.p, paired.delong_p_two_sided);
      expectInterval(delong?.interval, paired.delong_diff_ci95);
      expect(mcnemar.firstRightSecondWrong).toBe(paired.mcnemar.a_right_b_wrong);
      expect(mcnemar.firstWrongSecondRight).toBe(paired.mcnemar.a_wrong_b_right);
      expectClose(mcnemar.p, paired.mcnemar.exact_p);
    });
  });
});
