import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { heatMapPicture } from './heat-map.js';

const map = { side: 2, values: Float32Array.of(0, 1, 0, 0) };

async function pixelsOf(png: Uint8Array): Promise<{ at: (x: number, y: number) => number[] }> {
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  return { at: (x, y) => [...data.subarray((y * info.width + x) * 4, (y * info.width + x) * 4 + 4)] };
}

describe('a heat map alone', () => {
  test('covers the centre square that the network saw and is transparent elsewhere', async () => {
    const { at } = await pixelsOf(await heatMapPicture(map, { width: 8, height: 4 }));

    expect(at(0, 0)).toEqual([0, 0, 0, 0]);
    expect(at(2, 0)).toEqual([68, 1, 84, 255]);
    expect(at(5, 0)).toEqual([253, 231, 37, 255]);
    expect(at(5, 3)).toEqual([68, 1, 84, 255]);
    expect(at(6, 0)).toEqual([0, 0, 0, 0]);
  });

  test('one that is no evidence is struck out in the picture itself', async () => {
    const { at } = await pixelsOf(await heatMapPicture(map, { width: 100, height: 100, crossed: true }));

    for (const [x, y] of [
      [50, 50],
      [10, 10],
      [89, 10],
      [10, 89],
    ] as const)
      expect(at(x, y)).toEqual([220, 38, 38, 255]);
    expect(at(50, 10)).toEqual([253, 231, 37, 255]);
  });

  test('values that are no square map are refused', async () => {
    await expect(heatMapPicture({ side: 3, values: map.values }, { width: 4, height: 4 })).rejects.toThrow(
      'no map of 3 x 3',
    );
  });
});
