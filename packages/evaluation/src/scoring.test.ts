import { describe, expect, test } from 'vitest';
import type { EvaluatedImage } from './pooled-scores.js';
import { seededRandom } from './random.js';
import { fitScoring } from './scoring.js';

const covariates = { age: null, sex: null, view: null };

/** `count` patients in five folds; positives score about `gap` higher on the logit scale, stretched by `stretch`. */
function images(count: number, { gap = 2, stretch = 1, folds = 5 } = {}): EvaluatedImage[] {
  const random = seededRandom(7);
  return Array.from({ length: count }, (_, n) => {
    const label = n % 2;
    const noise = Array.from({ length: 12 }, () => random.below(1_000_000) / 1_000_000).reduce((a, b) => a + b) - 6;
    const logit = ((label - 0.5) * gap + noise) * stretch;
    const p = 1 / (1 + Math.exp(-logit));
    const fold = Math.floor(n / 2) % folds;
    return {
      label,
      patient: `p${n}`,
      folds: [fold],
      scores: [{ repeat: 0, fold, probabilities: [1 - p, p] }],
      grey: null,
      covariates,
    };
  });
}

describe('how the scores of a model are read', () => {
  test('the temperature undoes over-confidence', () => {
    const fair = fitScoring(images(2000), ['normal', 'nodule']);
    const stretched = fitScoring(images(2000, { stretch: 3 }), ['normal', 'nodule']);

    expect((stretched.temperature ?? 0) / (fair.temperature ?? 1)).toBeCloseTo(3, 6);
    expect(stretched.operatingPoint?.threshold).toBeCloseTo(fair.operatingPoint?.threshold ?? 0, 6);
    expect(fair.images).toBe(2000);
  });

  test('sensitivity and specificity come from thresholds of the other folds, so chance scores give no skill', () => {
    const { operatingPoint } = fitScoring(images(1000, { gap: 0 }), ['normal', 'nodule']);

    const { sensitivity, specificity } = operatingPoint ?? {};
    expect((sensitivity?.value ?? 1) + (specificity?.value ?? 1) - 1).toBeLessThan(0.08);
    expect(sensitivity?.low).toBeLessThan(sensitivity?.value ?? 0);
  });

  test('a hold-out split is not tuned on its own test, and says so', () => {
    const split = images(20).map((image, n) => (n < 10 ? { ...image, folds: [-1], scores: [] } : image));

    expect(fitScoring(split, ['normal', 'nodule'])).toMatchObject({
      temperature: null,
      operatingPoint: null,
      uncalibrated: expect.stringContaining('hold-out'),
      images: 10,
    });
  });

  test('more than two classes, and one class only, have no operating point and say why', () => {
    expect(fitScoring(images(10), ['a', 'b', 'c']).uncalibrated).toContain('two classes');
    const one = images(10).map((image) => ({ ...image, label: 0 }));
    expect(fitScoring(one, ['normal', 'nodule'])).toMatchObject({ temperature: null, operatingPoint: null });
  });
});
