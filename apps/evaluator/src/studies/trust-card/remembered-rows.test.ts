import { expect, test } from 'vitest';
import { rememberedRows } from './remembered-rows.js';

function counted() {
  const asked: number[] = [];
  const forward = {
    pool5: (rgb: Float32Array) => {
      asked.push(rgb[0] ?? Number.NaN);
      return Promise.resolve(rgb.map((value) => value * 2));
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  return { forward, asked };
}

test('an image that was seen goes through the backbone once, whoever asks, and another one of its own', async () => {
  const { forward, asked } = counted();
  const remembered = rememberedRows(forward);

  expect(await remembered.pool5(Float32Array.of(1, 2))).toEqual(Float32Array.of(2, 4));
  expect(await remembered.pool5(Float32Array.of(1, 2))).toEqual(Float32Array.of(2, 4));
  expect(await remembered.pool5(Float32Array.of(3, 2))).toEqual(Float32Array.of(6, 4));
  expect(asked).toEqual([1, 3]);
});

test('part of a larger array is told by its own values', async () => {
  const { forward, asked } = counted();
  const remembered = rememberedRows(forward);
  const both = Float32Array.of(1, 2, 3, 4);

  expect(await remembered.pool5(both.subarray(0, 2))).toEqual(Float32Array.of(2, 4));
  expect(await remembered.pool5(both.subarray(2))).toEqual(Float32Array.of(6, 8));
  expect(asked).toEqual([1, 3]);
});

test('beyond what is kept, rows are computed again', async () => {
  const { forward, asked } = counted();
  const remembered = rememberedRows(forward, 1);

  for (const value of [1, 2, 1, 2]) await remembered.pool5(Float32Array.of(value));

  expect(asked).toEqual([1, 2, 2]);
});
