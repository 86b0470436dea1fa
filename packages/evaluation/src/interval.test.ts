import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  clusteredWilson,
  effectiveSampleSize,
  f1FromAgreement,
  proportion,
  type Trial,
} from './clustered-proportion.js';
import { wilson } from './interval.js';
import { seededRandom } from './random.js';

const counts = fc
  .integer({ min: 1, max: 5_000 })
  .chain((total) => fc.tuple(fc.integer({ min: 0, max: total }), fc.constant(total)));

function trials(outcomes: readonly boolean[], patientOf: (i: number) => string): Trial[] {
  return outcomes.map((success, i) => ({ success, patient: patientOf(i) }));
}

describe('wilson', () => {
  test('lies inside [0, 1], holds the proportion and has a width', () => {
    fc.assert(
      fc.property(counts, ([successes, total]) => {
        const interval = wilson(successes, total);

        expect(interval?.low).toBeGreaterThanOrEqual(0);
        expect(interval?.high).toBeLessThanOrEqual(1);
        expect(interval?.low).toBeLessThanOrEqual(successes / total);
        expect(interval?.high).toBeGreaterThanOrEqual(successes / total);
        expect((interval?.high ?? 0) - (interval?.low ?? 0)).toBeGreaterThan(0);
      }),
    );
  });

  test('the published seed result, 53 of 76, spans 58.7 to 78.9 %', () => {
    const interval = wilson(53, 76);

    expect(interval?.low).toBeCloseTo(0.587, 3);
    expect(interval?.high).toBeCloseTo(0.789, 3);
  });

  test('is not defined without trials', () => {
    expect(wilson(0, 0)).toBeNull();
  });
});

describe('clusteredWilson', () => {
  test('is plain Wilson when every patient has one image', () => {
    const outcomes = Array.from({ length: 40 }, (_, i) => i % 3 === 0);

    expect(clusteredWilson(trials(outcomes, (i) => `patient ${i}`))).toEqual(wilson(14, 40));
  });

  test('two views of each patient that always agree count as one image each', () => {
    const outcomes = Array.from({ length: 100 }, (_, i) => Math.floor(i / 2) % 2 === 0);

    const size = effectiveSampleSize(trials(outcomes, (i) => `patient ${Math.floor(i / 2)}`));

    expect(size).toBeGreaterThan(45);
    expect(size).toBeLessThanOrEqual(50);
  });

  test('knows no more than there are patients when every image is a success', () => {
    const outcomes = Array.from({ length: 30 }, () => true);

    expect(effectiveSampleSize(trials(outcomes, (i) => `patient ${i % 10}`))).toBe(10);
  });

  test('covers the truth about as often as it promises, where images of one patient agree', () => {
    const random = seededRandom(7);
    let covered = 0;
    const studies = 400;
    for (let study = 0; study < studies; study += 1) {
      const outcomes: boolean[] = [];
      for (let patient = 0; patient < 60; patient += 1) {
        const success = random.below(100) < 70;
        outcomes.push(success, success);
      }
      const interval = clusteredWilson(trials(outcomes, (i) => `patient ${Math.floor(i / 2)}`));
      if (interval !== null && interval.low <= 0.7 && interval.high >= 0.7) covered += 1;
    }

    expect(covered / studies).toBeGreaterThan(0.92);
    expect(covered / studies).toBeLessThan(0.98);
  });
});

describe('f1FromAgreement', () => {
  test('equals 2TP / (2TP + FP + FN) and stays uncertain at 1', () => {
    const agreed = trials([true, true, true, false, false], (i) => `patient ${i}`);
    const perfect = trials([true, true, true], (i) => `patient ${i}`);

    expect(f1FromAgreement(agreed).value).toBeCloseTo(6 / 8, 12);
    expect(f1FromAgreement(perfect).value).toBe(1);
    expect(f1FromAgreement(perfect).low).toBeLessThan(0.9);
  });

  test('is null for a class that is neither there nor called', () => {
    expect(f1FromAgreement([])).toEqual({ value: null, low: null, high: null });
    expect(proportion([])).toEqual({ value: null, low: null, high: null });
  });
});
