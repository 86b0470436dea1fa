import type { Estimate, ThresholdRow } from '@xvision/contracts';
import { proportion } from './clustered-proportion.js';
import type { CurveInput } from './report-curves.js';
import type { CurvePoint } from './roc.js';

/** Evenly spaced by rank, the first and the last among them; all of them where there are no more than `most`. */
export function thinned<Item>(items: readonly Item[], most: number): Item[] {
  if (items.length <= most) return [...items];
  return Array.from({ length: most }, (_, i) => Math.round((i * (items.length - 1)) / (most - 1))).flatMap((index) => {
    const item = items[index];
    return item === undefined ? [] : [item];
  });
}

/**
 * Sensitivity, specificity and predictive values of calling everything from each threshold on positive, with Wilson
 * intervals at the effective sample size. Costs one pass over the images for each point: thin the curve first.
 */
export function thresholdTable(input: CurveInput, points: readonly CurvePoint[]): ThresholdRow[] {
  const { labels, probabilities, patients } = input;
  return points.map(({ threshold }) => {
    const trials = labels.map((label, i) => ({
      positive: label === 1,
      called: (probabilities[i] ?? 0) >= threshold,
      patient: patients[i] ?? '',
    }));
    const share = (among: (one: Case) => boolean, success: (one: Case) => boolean): Estimate =>
      proportion(trials.filter(among).map((one) => ({ success: success(one), patient: one.patient })));
    return {
      threshold,
      sensitivity: share(isPositive, isCalled),
      specificity: share(
        (one) => !one.positive,
        (one) => !one.called,
      ),
      ppv: share(isCalled, isPositive),
      npv: share(
        (one) => !one.called,
        (one) => !one.positive,
      ),
    };
  });
}

interface Case {
  readonly positive: boolean;
  readonly called: boolean;
}

const isPositive = (one: Case): boolean => one.positive;
const isCalled = (one: Case): boolean => one.called;
