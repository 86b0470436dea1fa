import { type CurvePoint, operatingCurve } from './roc.js';

/** What an operating point is chosen for. */
export type OperatingRule =
  /** Largest sensitivity + specificity - 1. */
  | { readonly kind: 'youden' }
  /** The strictest threshold that still finds this share of the positives. */
  | { readonly kind: 'sensitivity'; readonly atLeast: number }
  /** The loosest threshold that still clears this share of the negatives. */
  | { readonly kind: 'specificity'; readonly atLeast: number };

/**
 * Chooses a threshold on the scores given: pass validation or out-of-fold scores, never those whose sensitivity and
 * specificity are then reported as the model's. Null when a class is missing or no threshold meets the demand.
 */
export function chooseOperatingPoint(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  rule: OperatingRule,
): CurvePoint | null {
  const points = operatingCurve(labels, scores);
  if (rule.kind === 'sensitivity') return points.find((point) => point.sensitivity >= rule.atLeast) ?? null;
  if (rule.kind === 'specificity') return points.findLast((point) => point.specificity >= rule.atLeast) ?? null;
  return points.reduce<CurvePoint | null>(
    (best, point) => (best === null || youden(point) > youden(best) ? point : best),
    null,
  );
}

function youden(point: CurvePoint): number {
  return point.sensitivity + point.specificity - 1;
}

/** One threshold probability of a decision curve (Vickers 2006); benefits are per image. */
export interface DecisionPoint {
  readonly threshold: number;
  readonly netBenefit: number;
  /** Of treating everyone; treating no one has net benefit 0. */
  readonly treatAll: number;
}

/** Net benefit = TP/n - FP/n * t/(1 - t) at each threshold probability 0 < t < 1; empty without images. */
export function decisionCurve(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  thresholds: readonly number[],
): DecisionPoint[] {
  const n = labels.length;
  if (n === 0) return [];
  const prevalence = Array.from(labels).filter((label) => label === 1).length / n;
  return thresholds.map((threshold) => {
    const odds = threshold / (1 - threshold);
    let hits = 0;
    let falseAlarms = 0;
    for (let i = 0; i < n; i += 1) {
      if ((probabilities[i] ?? 0) < threshold) continue;
      if (labels[i] === 1) hits += 1;
      else falseAlarms += 1;
    }
    return { threshold, netBenefit: (hits - falseAlarms * odds) / n, treatAll: prevalence - (1 - prevalence) * odds };
  });
}
