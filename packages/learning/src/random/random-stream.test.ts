import { describe, expect, test } from 'vitest';
import { glorotUniform } from './glorot.js';
import { randomStream } from './random-stream.js';

test('integers filled in at once are the halves of single calls, and the stream goes on behind them', () => {
  const [single, filled] = [randomStream('first-layer', 7, 1), randomStream('first-layer', 7, 1)];
  const halves = new Int16Array(Uint32Array.from({ length: 15_000 }, () => single()).buffer);

  const integers = new Int16Array(30_000);
  filled.fillIntegers(integers.subarray(0, 302));
  filled.fillIntegers(integers.subarray(302));

  expect(integers).toEqual(halves);
  expect(filled()).toBe(single());
});

test('a last integer without a partner takes a number for itself', () => {
  const [single, filled] = [randomStream('output-layer', 7), randomStream('output-layer', 7)];
  const integers = new Int16Array(3);

  filled.fillIntegers(integers);

  single();
  expect(integers[2]).toBe(Int16Array.of(single() >>> 16)[0]);
  expect(filled()).toBe(single());
});

describe('initial weights', () => {
  const [rows, columns] = [2000, 512];
  const limit = Math.sqrt(6 / (rows + columns));
  const weights = glorotUniform(rows, columns, randomStream('first-layer', 1, 0, 0)).map((weight) => weight / limit);
  const count = weights.length;
  const meanOf = (value: (weight: number, index: number) => number): number =>
    weights.reduce((sum, weight, index) => sum + value(weight, index), 0) / count;

  test('are uniform between their limits: mean 0, variance a third, each of 64 parts as often as another', () => {
    const parts = new Int32Array(64);
    for (const weight of weights) {
      const part = Math.floor(((weight + 1) / 2) * 64);
      parts[part] = (parts[part] ?? 0) + 1;
    }
    const expected = count / 64;
    const chiSquare = parts.reduce((sum, found) => sum + (found - expected) ** 2 / expected, 0);

    expect(Math.abs(meanOf((weight) => weight))).toBeLessThan(3 * Math.sqrt(1 / 3 / count));
    expect(meanOf((weight) => weight ** 2)).toBeCloseTo(1 / 3, 2);
    // 63 degrees of freedom: 103 is passed by one in a thousand.
    expect(chiSquare).toBeLessThan(103);
    expect(parts.reduce((sum, found) => sum + found, 0)).toBe(count);
  });

  test.each([1, 2, 512, 1024])('tell nothing of those %i places on', (distance) => {
    const together = meanOf((weight, index) => weight * (weights[index + distance] ?? 0)) * 3;

    expect(Math.abs(together)).toBeLessThan(3.3 / Math.sqrt(count));
  });

  test('of another member are others', () => {
    const others = glorotUniform(rows, columns, randomStream('first-layer', 1, 0, 1));

    expect(Math.abs(meanOf((weight, index) => (weight * (others[index] ?? 0)) / limit) * 3)).toBeLessThan(0.0033);
  });
});
