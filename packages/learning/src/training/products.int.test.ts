import { POOL5_LENGTH } from '@xvision/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HIDDEN } from '../heads/dual-state.js';
import { initialFirstWeights } from './initial-layers.js';
import { kernelBlocks, Products } from './products.js';
import { type SharedRows, setRow, sharedRows } from './shared-rows.js';

/** More rows than a block and more inputs than a chunk. */
const COUNT = 1030;
const WIDTH = 3200;
const key = { seed: 3, repeat: 0, member: 1 };

const wave = (length: number, phase: number) => Float32Array.from({ length }, (_, i) => Math.sin(i * 1.3 + phase));

function joined(pieces: readonly Float32Array[]): Float32Array {
  return Float32Array.from(pieces.flatMap((piece) => [...piece]));
}

/** Four fifths zeros and nothing below zero, as pool5 is. */
function featureLike(length: number, phase: number): Float32Array {
  return wave(length, phase).map((value, i) => ((i * 7 + Math.round(phase)) % 5 === 0 ? 20 * value * value : 0));
}

/** Of the products of two vectors, in float64. */
function exactSum(left: Float32Array, right: Float32Array): number {
  return left.reduce((sum, value, d) => sum + value * right[d]!, 0);
}

/** Euclidean length of the differences, as a share of the exact values'. */
function relativeDifference(pairs: readonly (readonly [value: number, exact: number])[]): number {
  const length = (values: readonly number[]) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  return length(pairs.map(([value, exact]) => value - exact)) / length(pairs.map(([, exact]) => exact));
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array) => Buffer.from(buffer, byteOffset, byteLength);

describe('products with the feature rows', () => {
  const rows: SharedRows = sharedRows(COUNT, WIDTH);
  const initial = initialFirstWeights(WIDTH, key);
  const span = wave(COUNT * HIDDEN, 5);
  let products: Products;
  beforeAll(async () => {
    for (let row = 0; row < COUNT; row += 1) setRow(rows, row, { values: wave(WIDTH, row), name: `row ${row}` });
    products = await Products.open();
  });
  afterAll(() => products[Symbol.asyncDispose]());

  test('the kernel is every row times every row, the same on both sides of its diagonal', async () => {
    const kernel = sharedRows(COUNT, COUNT);

    for (const pair of kernelBlocks(COUNT)) await products.gramBlock(rows, kernel, pair);

    const at = (row: number, column: number) => kernel.values[row * COUNT + column];
    for (const [row, column] of [
      [0, 0],
      [200, 130],
      [7, COUNT - 1],
      [COUNT - 1, COUNT - 1],
    ] as const) {
      let sum = 0;
      for (let d = 0; d < WIDTH; d += 1) sum += rows.values[row * WIDTH + d]! * rows.values[column * WIDTH + d]!;
      expect(at(row, column)).toBeCloseTo(sum, 2);
    }
    for (let row = 0; row < COUNT; row += 1) expect(at(row, 500)).toBe(at(500, row));
    expect(bytesOf(await products.gram(rows)).equals(bytesOf(kernel.values))).toBe(true);
  });

  test('the projection is the rows times the initial weights', async () => {
    const projection = sharedRows(COUNT, HIDDEN);

    await products.project(rows, projection, key);

    for (const [row, unit] of [
      [0, 0],
      [COUNT - 1, HIDDEN - 1],
    ] as const) {
      let sum = 0;
      for (let d = 0; d < WIDTH; d += 1) sum += rows.values[row * WIDTH + d]! * initial[d * HIDDEN + unit]!;
      expect(projection.values[row * HIDDEN + unit]).toBeCloseTo(sum, 4);
    }
  });

  test('the first layer is the initial weights, shrunk and moved by the span', async () => {
    const layer = joined(await products.firstLayer(rows, key, { span, scale: 0.5 }));

    for (const [input, unit] of [
      [0, 0],
      [WIDTH - 1, HIDDEN - 1],
    ] as const) {
      let sum = 0.5 * initial[input * HIDDEN + unit]!;
      for (let row = 0; row < COUNT; row += 1) sum += rows.values[row * WIDTH + input]! * span[row * HIDDEN + unit]!;
      expect(layer[input * HIDDEN + unit]).toBeCloseTo(sum, 2);
    }
  });

  test('sums over all of pool5 are off by little more than 1e-7 of themselves, as pieces that are added at the full size are not', async () => {
    const [count, units] = [16, 16];
    const features = sharedRows(count, POOL5_LENGTH);
    const rowOf = (row: number) => features.values.subarray(row * POOL5_LENGTH, (row + 1) * POOL5_LENGTH);
    for (let row = 0; row < count; row += 1) {
      setRow(features, row, { values: featureLike(POOL5_LENGTH, row), name: `row ${row}` });
    }
    const projection = sharedRows(count, HIDDEN);
    const weights = initialFirstWeights(POOL5_LENGTH, key);
    const unitOf = (unit: number) => Float32Array.from({ length: POOL5_LENGTH }, (_, d) => weights[d * HIDDEN + unit]!);

    await products.project(features, projection, key);
    const kernel = await products.gram(features);

    const pairs = Array.from({ length: count * units }, (_, at) => [Math.floor(at / units), at % units] as const);
    const kernels = pairs.map(([i, j]) => [kernel[i * count + j]!, exactSum(rowOf(i), rowOf(j))] as const);
    const projected = pairs.map(([row, unit]) => {
      return [projection.values[row * HIDDEN + unit]!, exactSum(rowOf(row), unitOf(unit))] as const;
    });
    expect(relativeDifference(kernels)).toBeLessThan(1e-7);
    expect(relativeDifference(projected)).toBeLessThan(1.7e-7);
  });

  test('products that are asked for at once do not disturb each other', async () => {
    const [alone, side] = [sharedRows(COUNT, HIDDEN), sharedRows(COUNT, HIDDEN)];
    await products.project(rows, alone, key);
    const kernel = await products.gram(rows);

    const [, together] = await Promise.all([
      products.project(rows, side, key),
      products.gram(rows),
      products.firstLayer(rows, key, { span, scale: 1 }),
    ]);

    expect(bytesOf(side.values).equals(bytesOf(alone.values))).toBe(true);
    expect(bytesOf(together).equals(bytesOf(kernel))).toBe(true);
  });
});
