import { POOL5_LENGTH } from '@xvision/contracts';
import { expect, test } from 'vitest';
import { setRow, sharedRows } from '../training/shared-rows.js';
import { fitLogistic, type LogisticFit, scoreLogisticAt } from './logistic-head.js';

const COUNT = 6;
const places = Int32Array.from({ length: COUNT }, (_, n) => n);
const labels = Int32Array.from([0, 0, 1, 0, 1, 1]);

/** X X^T, less a share of its mean diagonal along the sum of all rows, where that of standardised rows is zero. */
function gramLess(share: number): LogisticFit['gram'] {
  return async ({ values, count, width }) => {
    const row = (i: number) => values.subarray(i * width, (i + 1) * width);
    const product = (i: number, j: number) => row(i).reduce((sum, value, k) => sum + value * (row(j)[k] ?? 0), 0);
    const exact = Float64Array.from({ length: count * count }, (_, at) => product(Math.floor(at / count), at % count));
    const diagonal = places.reduce((sum, i) => sum + (exact[i * count + i] ?? 0) / count, 0);
    return Float32Array.from(exact, (value) => value - (share * diagonal) / count);
  };
}

test('a kernel that rounding made negative where it should be zero is solved all the same, and to the same scores', async () => {
  const rows = sharedRows(COUNT, POOL5_LENGTH);
  for (const n of places) {
    const values = Float32Array.from(
      { length: POOL5_LENGTH },
      (_, k) => Math.abs(Math.sin(k * (n + 1))) * (1 + 0.2 * (n % 2)),
    );
    setRow(rows, n, { values, name: `${n}` });
  }
  const scored = async (share: number) => {
    const parameters = await fitLogistic(rows, { train: places, labels, classes: 2, gram: gramLess(share) });
    return scoreLogisticAt(parameters, { rows, places, classes: 2 });
  };

  const [exact, rounded] = [await scored(0), await scored(2e-6)];

  for (const [at, probability] of exact.entries()) expect(rounded[at]).toBeCloseTo(probability, 5);
});
