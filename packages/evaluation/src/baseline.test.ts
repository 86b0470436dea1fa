import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { covariateRow, outOfFoldLogistic, readCovariates } from './baseline.js';
import { fitLogistic, logisticProbability } from './logistic-regression.js';
import { rocAuc } from './roc.js';

describe('fitLogistic', () => {
  test('finds the known solution of four points', () => {
    // One standardised column, l2 = 1: by symmetry no intercept, and w solves w = 4 / (1 + e^w).
    const model = fitLogistic([[-3], [-3], [3], [3]], [0, 0, 1, 1], 1);
    const w = model.weights[0] ?? 0;

    expect(model.intercept).toBeCloseTo(0, 10);
    expect(w).toBeCloseTo(4 / (1 + Math.exp(w)), 9);
  });

  test('its gradient is zero wherever it ends, also for separable and constant columns', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -5, max: 5 }), fc.integer({ min: -5, max: 5 }), fc.constantFrom(0, 1)), {
          minLength: 4,
          maxLength: 40,
        }),
        (cases) => {
          const labels = cases.map((one) => one[2]);
          fc.pre(labels.includes(0) && labels.includes(1));
          const rows = cases.map(([a, b]) => [a, b, 7]);

          const model = fitLogistic(rows, labels, 0.5);

          const residuals = rows.map((row, i) => logisticProbability(model, row) - (labels[i] ?? 0));
          expect(sum(residuals)).toBeCloseTo(0, 6);
          for (const k of [0, 1]) {
            const deviation = model.deviations[k] ?? 0;
            const z = rows.map((row) => (deviation === 0 ? 0 : ((row[k] ?? 0) - (model.means[k] ?? 0)) / deviation));
            const gradient = sum(residuals.map((r, i) => r * (z[i] ?? 0))) + 0.5 * (model.weights[k] ?? 0);
            expect(gradient).toBeCloseTo(0, 6);
          }
          expect(model.weights[2]).toBeCloseTo(0, 12);
        },
      ),
    );
  });

  test('one class only is refused', () => {
    expect(() => fitLogistic([[1], [2]], [1, 1], 1)).toThrow('both classes');
  });
});

describe('outOfFoldLogistic', () => {
  const images = Array.from({ length: 40 }, (_, i) => ({
    label: i % 2,
    row: [i % 2 === 0 ? i : i + 9, 1],
    fold: i % 4 > 1 ? 1 : 0,
  }));
  const input = {
    rows: images.map((one) => one.row),
    labels: images.map((one) => one.label),
    classes: 2,
    folds: images.map((one) => [one.fold]),
  };

  test('an image does not help to score itself: its own label does not move its score', () => {
    const scores = outOfFoldLogistic(input);
    const flipped = outOfFoldLogistic({
      ...input,
      labels: input.labels.map((label, i) => (i === 5 ? 1 - label : label)),
    });

    expect(flipped?.[5]).toEqual(scores?.[5]);
    expect(flipped?.[10]).not.toEqual(scores?.[10]);
  });

  test('gives the same bits every time', () => {
    expect(outOfFoldLogistic(input)).toEqual(outOfFoldLogistic(input));
  });

  test('images that are only trained on get no score', () => {
    const holdout = outOfFoldLogistic({ ...input, folds: images.map((_, i) => [i < 30 ? -1 : 0]) });

    expect(holdout?.slice(0, 30).every((row) => row === null)).toBe(true);
    expect(holdout?.slice(30).every((row) => row !== null)).toBe(true);
  });

  test('three classes are fitted one against the rest, and their probabilities sum to one', () => {
    const labels = images.map((_, i) => i % 3);
    const rows = labels.map((label, i) => [label === 1 ? 5 : 0, label === 2 ? 5 : i % 2]);

    const scores = outOfFoldLogistic({ ...input, rows, labels, classes: 3 });

    for (const row of scores ?? []) expect(sum(row ?? [])).toBeCloseTo(1, 12);
    const second = labels.map((label) => (label === 1 ? 1 : 0));
    expect(rocAuc(second, scores?.map((row) => row?.[1] ?? 0) ?? [])).toBeGreaterThan(0.95);
  });

  test('a training side without one of the classes gives no baseline', () => {
    expect(outOfFoldLogistic({ ...input, folds: input.labels.map((label) => [label]) })).toBeNull();
  });
});

describe('readCovariates', () => {
  test('reads what CSV columns and DICOM fields say', () => {
    expect(readCovariates({ age: '53', sex: 'Male' }, 'frontal')).toEqual({ age: 53, sex: 'male', view: 'frontal' });
    expect(readCovariates({ PatientAge: '053Y', PatientSex: 'F' }, 'lateral')).toEqual({
      age: 53,
      sex: 'female',
      view: 'lateral',
    });
  });

  test('what cannot be read is unknown, not zero', () => {
    expect(readCovariates({ age: '006M', sex: 'O' }, 'unknown')).toEqual({ age: null, sex: null, view: null });
    expect(covariateRow({ age: null, sex: null, view: null })).toEqual([null, null, null]);
  });
});

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
