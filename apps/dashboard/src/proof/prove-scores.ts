import type { ScoredMember } from '@xvision/catalogue';
import type { ProofLink, RunReport } from '@xvision/contracts';
import { brierScore, confusionMatrix, predictedClass, rocAuc } from '@xvision/evaluation';
import { brokenLink, heldLink, type LinkPlace } from './blob-link.js';

/** Sums of the same numbers in another order differ by less than this. */
const ROUNDING = 1e-9;

/**
 * Whether the test scores are those that the report speaks of: the same images tested, the same confusion matrix, Brier
 * score and (of two classes) AUC when computed again. Intervals are left to a second evaluation.
 */
export function proveScores(report: RunReport, members: readonly ScoredMember[]): ProofLink {
  const place: LinkPlace = { level: 'scores', of: 'the test scores' };
  const faults = faultsOf(report, members);
  if (faults.length === 0) return heldLink(place, null);
  return brokenLink(place, {
    problem: `the test scores are not those of the report: ${faults.join('; ')}. Evaluate the run again, or train it again`,
  });
}

function faultsOf({ metrics, counts }: RunReport, members: readonly ScoredMember[]): string[] {
  const tested = members.filter(({ scores }) => scores.length > 0);
  if (tested.length !== counts.test) return [`${tested.length} images have scores, the report counts ${counts.test}`];
  const uneven = tested.find(({ folds, scores }) => scores.length !== folds.filter((fold) => fold >= 0).length);
  if (uneven !== undefined) return [`image ${uneven.imageId} is not scored once per repeat`];

  const classes = metrics.classes.length;
  const labels = tested.map(({ label }) => label);
  const rows = tested.map(({ scores }) =>
    Array.from({ length: classes }, (_, k) => mean(scores.map(({ probabilities }) => probabilities[k] ?? Number.NaN))),
  );
  const faults: string[] = [];
  const confusion = confusionMatrix(labels, rows.map(predictedClass), classes);
  if (JSON.stringify(confusion) !== JSON.stringify(metrics.confusion)) {
    faults.push(
      `their confusion matrix is ${JSON.stringify(confusion)}, the report's ${JSON.stringify(metrics.confusion)}`,
    );
  }
  const brier = brierScore(labels, rows);
  if (differ(brier, metrics.brier.value))
    faults.push(`their Brier score is ${brier}, the report's ${metrics.brier.value}`);
  const auc =
    classes === 2
      ? rocAuc(
          labels,
          rows.map((row) => row[1] ?? 0),
        )
      : metrics.auc.value;
  if (differ(auc, metrics.auc.value)) faults.push(`their AUC is ${auc}, the report's ${metrics.auc.value}`);
  return faults;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function differ(one: number | null, other: number | null): boolean {
  return one === null || other === null ? one !== other : !(Math.abs(one - other) <= ROUNDING);
}
