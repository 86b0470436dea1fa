import { describe, expect, test } from 'vitest';
import { externalSentence, pointAt } from './external.js';

const estimate = (value: number, low: number, high: number) => ({ value, low, high });

describe('an external set', () => {
  test('is counted at a threshold that was chosen elsewhere', () => {
    const images = [0.9, 0.8, 0.3, 0.6, 0.2, 0.1].map((score, n) => ({ score, positive: n < 3, patient: `p${n}` }));

    const { sensitivity, specificity } = pointAt(0.5, images);

    expect(sensitivity.value).toBeCloseTo(2 / 3, 12);
    expect(specificity.value).toBeCloseTo(2 / 3, 12);
    expect(sensitivity.low).toBeLessThan(0.4);
  });

  test.each([
    [estimate(0.7, 0.6, 0.8), 'do not show a difference'],
    [estimate(0.55, 0.45, 0.65), 'cannot be told from chance'],
    [estimate(0.3, 0.2, 0.4), 'WORSE than chance'],
    [estimate(0.6, 0.55, 0.62), 'does not hold'],
    [estimate(0.9, 0.86, 0.94), 'better than at home'],
    [{ value: null, low: null, high: null }, 'images of every class'],
    [{ value: 0.7, low: null, high: null }, 'too few patients'],
  ])('is told plainly: %o', (external, words) => {
    expect(externalSentence({ internal: estimate(0.72, 0.66, 0.78), external })).toContain(words);
  });
});
