import { describe, expect, test } from 'vitest';
import { batchesOf } from './dual-batches.js';

const anOrder = (images: number, first = 0) =>
  Int32Array.from({ length: images }, (_, index) => (first + index) % images);

const numbersOf = (batches: ReturnType<typeof batchesOf>) =>
  Object.fromEntries(Object.entries(batches).map(([name, { data }]) => [name, Array.from(data, Number)]));

describe('batchesOf', () => {
  test('an epoch is cut into batches, and these into blocks of at most a hundred images and nearly equal length', () => {
    const { sizes, blocks, steps } = numbersOf(batchesOf([anOrder(170)], 20));

    expect(sizes).toEqual([20, 20, 20, 20, 20, 20, 20, 20, 10]);
    expect(steps).toEqual([5, 4]);
    expect(blocks).toEqual([100, 70]);
  });

  test('no block reaches across the end of an epoch', () => {
    const { order, blocks } = numbersOf(batchesOf([anOrder(30), anOrder(30, 7)], 20));

    expect(blocks).toEqual([30, 30]);
    expect(order).toEqual([...anOrder(30), ...anOrder(30, 7)]);
  });

  test('a last batch of one image, which has no moments, is skipped', () => {
    const { order, sizes } = numbersOf(batchesOf([anOrder(41)], 20));

    expect(sizes).toEqual([20, 20]);
    expect(order).toEqual([...anOrder(41).subarray(0, 40)]);
  });

  test('a batch larger than a block is a block by itself', () => {
    const { blocks, steps } = numbersOf(batchesOf([anOrder(300)], 150));

    expect(blocks).toEqual([150, 150]);
    expect(steps).toEqual([1, 1]);
  });
});
