import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { averagePrecision, operatingCurve, rocAuc, withinFoldAuc } from './roc.js';

const cases = fc
  .array(fc.record({ label: fc.constantFrom(0, 1), score: fc.integer({ min: -20, max: 20 }) }), { minLength: 2 })
  .map((rows) => ({ labels: rows.map((row) => row.label), scores: rows.map((row) => row.score) }));

describe('rocAuc', () => {
  test('equals the share of pairs that are ranked rightly, ties counting one half', () => {
    fc.assert(
      fc.property(cases, ({ labels, scores }) => {
        const positives = scores.filter((_, i) => labels[i] === 1);
        const negatives = scores.filter((_, i) => labels[i] === 0);
        const wins = positives.flatMap((p) => negatives.map((n) => (p > n ? 1 : p === n ? 0.5 : 0)));
        const share = wins.length === 0 ? null : wins.reduce((sum: number, win) => sum + win, 0) / wins.length;

        const auc = rocAuc(labels, scores);

        if (share === null) expect(auc).toBeNull();
        else expect(auc).toBeCloseTo(share, 12);
      }),
    );
  });

  test('does not change when scores go through an increasing function', () => {
    fc.assert(
      fc.property(cases, ({ labels, scores }) => {
        const stretched = scores.map((score) => Math.exp(score / 5) - 3);

        expect(rocAuc(labels, stretched)).toBe(rocAuc(labels, scores));
      }),
    );
  });

  test('turns into its complement when scores are negated', () => {
    fc.assert(
      fc.property(cases, ({ labels, scores }) => {
        const auc = rocAuc(labels, scores);
        const negated = rocAuc(
          labels,
          scores.map((score) => -score),
        );

        if (auc === null) expect(negated).toBeNull();
        else expect((negated ?? 0) + auc).toBeCloseTo(1, 12);
      }),
    );
  });

  test('is exactly one half for constant scores', () => {
    expect(rocAuc([0, 1, 1, 0, 1], [3, 3, 3, 3, 3])).toBe(0.5);
  });

  test('is not defined, rather than zero, when only one class is present', () => {
    expect(rocAuc([1, 1, 1], [0.1, 0.2, 0.3])).toBeNull();
    expect(averagePrecision([0, 0], [0.1, 0.2])).toBeNull();
    expect(rocAuc([], [])).toBeNull();
  });
});

describe('operatingCurve', () => {
  test('sensitivity grows and specificity falls as the threshold is loosened, ending at 1 and 0', () => {
    fc.assert(
      fc.property(cases, ({ labels, scores }) => {
        const points = operatingCurve(labels, scores);
        if (points.length === 0) return;

        for (const [i, point] of points.entries()) {
          const before = points[i - 1] ?? { threshold: Number.POSITIVE_INFINITY, sensitivity: 0, specificity: 1 };
          expect(point.threshold).toBeLessThan(before.threshold);
          expect(point.sensitivity).toBeGreaterThanOrEqual(before.sensitivity);
          expect(point.specificity).toBeLessThanOrEqual(before.specificity);
        }
        expect(points.at(-1)).toMatchObject({ sensitivity: 1, specificity: 0 });
      }),
    );
  });
});

describe('withinFoldAuc', () => {
  test('is blind to the folds offsets that spoil the pooled AUC', () => {
    const folds = [
      { labels: [0, 1], scores: [0.1, 0.2] },
      { labels: [0, 1], scores: [0.8, 0.9] },
    ];

    const pooled = rocAuc(
      folds.flatMap((fold) => fold.labels),
      folds.flatMap((fold) => fold.scores),
    );

    expect(withinFoldAuc(folds)).toBe(1);
    expect(pooled).toBe(0.75);
  });

  test('leaves out folds with one class and is not defined without any other', () => {
    expect(withinFoldAuc([{ labels: [1, 1], scores: [0.1, 0.2] }])).toBeNull();
  });
});
