import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cellMeans, cellOrder, curveAreas, DELETION_CELLS, randomOrder, withCells } from './deletion.js';
import {
  judgeCurve,
  judgePlace,
  judgeRandomisation,
  judgeRepeatability,
  noRepeatability,
  stepUp,
  verdictOf,
} from './judge.js';
import { energyIn, lesionOf, pointsAt } from './lesion.js';
import { meanEstimate, studentT975 } from './mean-estimate.js';
import { rankCorrelation, structuralSimilarity } from './similarity.js';

/** A fixed stream of numbers in [0, 1). */
function numbers(): () => number {
  let state = 7;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

describe('how alike two maps are', () => {
  test('rank correlation gives ties the mean of their ranks', () => {
    // Ranks 1, 2.5, 2.5, 4, 5 and 2, 1, 3, 5, 4: products of deviations 7, squares 9.5 and 10.
    expect(rankCorrelation([1, 2, 2, 4, 5], [2, 1, 3, 5, 4])).toBeCloseTo(7 / Math.sqrt(95), 12);
  });

  test('rank correlation does not care for the scale, and a flat map orders nothing', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: -1000, max: 1000 }), { minLength: 3, maxLength: 40 }), (values) => {
        expect(
          rankCorrelation(
            values,
            values.map((value) => value ** 3 + 5),
          ),
        ).toBeCloseTo(1, 9);
        expect(
          rankCorrelation(
            values,
            values.map((value) => -value),
          ),
        ).toBeCloseTo(-1, 9);
        expect(
          rankCorrelation(
            values,
            values.map(() => 2),
          ),
        ).toBe(0);
      }),
    );
  });

  test('structural similarity is 1 for equal maps, and lower the more of one is shuffled', () => {
    const random = numbers();
    const map = Float32Array.from({ length: 196 }, (_, cell) => (cell % 14) / 14);
    const noise = map.map(() => random());
    const half = map.map((value, cell) => (cell % 2 === 0 ? value : (noise[cell] ?? 0)));

    expect(structuralSimilarity(map, map, 14)).toBeCloseTo(1, 9);
    expect(structuralSimilarity(map, half, 14)).toBeLessThan(0.9);
    expect(structuralSimilarity(map, noise, 14)).toBeLessThan(structuralSimilarity(map, half, 14));
  });

  test('one window is the formula itself', () => {
    const [one, other] = [Float32Array.of(0, 0.25, 0.5, 0.75, 1, 0, 0, 0, 0), new Float32Array(9).fill(0.5)];
    // Means 2.5/9 and .5; variance of the first 1.875/9 - (2.5/9)^2; no variance of the second, no covariance.
    const [ma, mb, va] = [2.5 / 9, 0.5, 1.875 / 9 - (2.5 / 9) ** 2];
    const expected = ((2 * ma * mb + 1e-4) * 9e-4) / ((ma ** 2 + mb ** 2 + 1e-4) * (va + 9e-4));
    expect(structuralSimilarity(one, other, 3)).toBeCloseTo(expected, 9);
  });
});

describe('deletion and insertion', () => {
  const side = 28;
  const rgb = new Uint8Array(side * side * 3).fill(10);
  rgb.fill(250, 0, 6); // the first two pixels of the first row: cell 0 is two pixels wide
  const score = async (image: Float32Array) => image[0] ?? 0;
  const flat = 10 + (240 * 2) / (side * side);

  test('a map that marks what counts deletes and inserts it first; chance comes later', async () => {
    const values = new Float32Array(49);
    values[0] = 1;
    const random = numbers();
    const request = { rgb, side, score, whole: 250, flat };

    const own = await curveAreas({ ...request, order: cellOrder({ side: 7, values }, random) });
    const worst = await curveAreas({
      ...request,
      order: cellOrder({ side: 7, values: values.map((v) => -v) }, random),
    });

    expect(own.deletion).toBeLessThan(worst.deletion);
    expect(own.insertion).toBeGreaterThan(worst.insertion);
    // Gone from the first step on: only the first trapezoid holds anything of it.
    expect(own.deletion).toBeCloseTo(flat + (0.1 * (250 - flat)) / 2, 3);
  });

  test('cells of a coarse map share its value, those of a fine one are its means', () => {
    expect([...cellMeans({ side: 2, values: Float32Array.of(1, 2, 3, 4) }, 4)]).toEqual([
      1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4,
    ]);
    expect([...cellMeans({ side: 4, values: Float32Array.from({ length: 16 }, (_, i) => i) }, 2)]).toEqual([
      2.5, 4.5, 10.5, 12.5,
    ]);
  });

  test('an order by chance has every cell once, and hiding none or all gives the image or its mean', () => {
    expect(new Set(randomOrder(numbers())).size).toBe(DELETION_CELLS ** 2);
    expect([...withCells(rgb, side, () => true)]).toEqual([...rgb]);
    expect(withCells(rgb, side, () => false)[0]).toBeCloseTo(flat, 4);
  });
});

describe('where a finding is', () => {
  test('a JSRT position is carried from 2048 pixels to the input, with its size in pixels', () => {
    const lesion = lesionOf({ x2048: '1634', y2048: '692', size_mm: '15' }, { width: 128, height: 128, side: 224 });

    expect(lesion?.x).toBeCloseTo((1634.5 * 224) / 2048, 9);
    expect(lesion?.y).toBeCloseTo((692.5 * 224) / 2048, 9);
    expect(lesion?.radius).toBeCloseTo(((7.5 / 0.175) * 224) / 2048, 9);
  });

  test('of an image that is no square the crop is taken off, and what lies outside is no lesion', () => {
    const at = (x: string) =>
      lesionOf({ lesion_x: x, lesion_y: '100', lesion_diameter: '20' }, { width: 400, height: 200, side: 100 });

    const { x = 0, y = 0, radius = 0 } = at('149') ?? {};
    expect([x, y, radius].map((one) => one.toFixed(9))).toEqual(['24.750000000', '50.250000000', '5.000000000']);
    expect(at('99')).toBeUndefined();
    expect(lesionOf({ lesion_x: '5' }, { width: 9, height: 9, side: 9 })).toBeUndefined();
  });

  test('the top of a map points at the lesion when its cell touches it; energy is the share in those cells', () => {
    const lesion = { x: 40, y: 8, radius: 4 };
    const values = new Float32Array(49);
    values[1] = 3;
    values[30] = 1;
    const map = { side: 7, values };

    expect(pointsAt(map, lesion, 224)).toBe(true);
    expect(pointsAt(map, { x: 100, y: 100, radius: 4 }, 224)).toBe(false);
    expect(energyIn(map, lesion, 224)).toBe(0.75);
    expect(pointsAt({ side: 7, values: values.map((v) => -v) }, lesion, 224)).toBe(false);
    expect(energyIn({ side: 7, values: new Float32Array(49) }, lesion, 224)).toBe(0);
  });
});

describe('the judgement', () => {
  test("the interval is Student's", () => {
    // From a table of Student's t.
    expect(studentT975(7)).toBeCloseTo(2.364624, 3);
    expect(studentT975(3)).toBeCloseTo(3.182446, 1);
    expect(studentT975(120)).toBeCloseTo(1.97993, 4);
    // Squares 49.875, so that the standard error is (49.875 / 7 / 8)^½ = .94373.
    const { value, low, high } = meanEstimate([1, 2, 3, 4, 5, 6, 7, 9]);
    expect(value).toBe(4.625);
    expect(low).toBeCloseTo(4.625 - 2.364624 * 0.94373, 3);
    expect(high).toBeCloseTo(4.625 + 2.364624 * 0.94373, 3);
  });

  test('passes only when the whole interval is on the right side', () => {
    expect(judgeRandomisation([0.1, 0.2, 0.1, 0.2]).outcome).toBe('passed');
    expect(judgeRandomisation([0.1, 0.9, 0.1, 0.5]).outcome).toBe('failed');
    expect(judgeRepeatability([0.9, 0.8, 0.9, 0.8]).outcome).toBe('passed');
    expect(judgeRepeatability([0.9, 0.2, 0.9, 0.8]).outcome).toBe('failed');
    expect(judgeCurve('deletion', [1, 2, 1, 2]).outcome).toBe('passed');
    expect(judgeCurve('insertion', [-1, 2, 1, 0]).outcome).toBe('failed');
    expect(judgePlace('pointing', { hits: [1, 1, 1, 1, 0], chance: [0.1, 0, 0.1, 0.2, 0.1] }).outcome).toBe('passed');
    expect(judgePlace('energy', { hits: [0.1, 0.1], chance: [0, 0] }).outcome).toBe('failed');
  });

  test('one failure fails the method, and what was not tested keeps it from passing', () => {
    const passed = judgeCurve('deletion', [1, 2, 1, 2]);

    expect(verdictOf('grad-cam', [passed])).toEqual({ verdict: 'passed', sentence: 'grad-cam passed deletion' });
    expect(verdictOf('grad-cam', [passed, noRepeatability()]).verdict).toBe('untested');
    expect(verdictOf('grad-cam', [judgeRandomisation([1, 1, 1, 1]), noRepeatability()])).toEqual({
      verdict: 'failed',
      sentence: 'not evidence: grad-cam failed randomisation',
    });
  });

  test('the mean of five networks repeats better than one', () => {
    expect(stepUp(0.4, 5)).toBeCloseTo(2 / 2.6, 12);
    expect(stepUp(0.4, 1)).toBe(0.4);
  });
});
