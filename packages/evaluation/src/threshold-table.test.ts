import { describe, expect, test } from 'vitest';
import { wilson } from './interval.js';
import { operatingCurve } from './roc.js';
import { thinned, thresholdTable } from './threshold-table.js';

const labels = [1, 1, 0, 1, 0, 0, 0];
const probabilities = [0.9, 0.8, 0.7, 0.6, 0.4, 0.3, 0.2];
const patients = labels.map((_, i) => `patient ${i}`);

describe('thresholdTable', () => {
  test('agrees with the operating curve at every threshold, and has the predictive values beside it', () => {
    const curve = operatingCurve(labels, probabilities);
    const rows = thresholdTable({ labels, probabilities, patients }, curve);

    expect(rows.map((row) => row.sensitivity.value)).toEqual(curve.map((point) => point.sensitivity));
    for (const [i, row] of rows.entries()) expect(row.specificity.value).toBeCloseTo(curve[i]?.specificity ?? -1, 12);
    expect(rows.map((row) => row.ppv.value)).toEqual(curve.map((point) => point.precision));
    // From .6 on: 3 of 4 called are positive; of the 3 others none is.
    expect(rows[3]).toMatchObject({ threshold: 0.6, ppv: { value: 3 / 4 }, npv: { value: 1 } });
    // Calling everything leaves nothing for a negative predictive value.
    expect(rows.at(-1)?.npv).toEqual({ value: null, low: null, high: null });
  });

  test('has Wilson intervals where every patient has one image, and wider ones where images share a patient', () => {
    const [point] = operatingCurve(labels, probabilities).slice(1, 2);
    const points = point === undefined ? [] : [point];
    const [alone] = thresholdTable({ labels, probabilities, patients }, points);
    const [shared] = thresholdTable({ labels, probabilities, patients: ['a', 'a', 'b', 'c', 'd', 'd', 'e'] }, points);

    expect(alone?.sensitivity).toEqual({ value: 2 / 3, ...wilson(2, 3) });
    expect((shared?.sensitivity.high ?? 0) - (shared?.sensitivity.low ?? 0)).toBeGreaterThan(
      (alone?.sensitivity.high ?? 0) - (alone?.sensitivity.low ?? 0),
    );
  });
});

test('a thinned list keeps its ends and its order', () => {
  const items = Array.from({ length: 1000 }, (_, i) => i);

  expect(thinned(items, 5)).toEqual([0, 250, 500, 749, 999]);
  expect(thinned([1, 2], 5)).toEqual([1, 2]);
});
