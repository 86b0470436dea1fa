import { describe, expect, test } from 'vitest';
import { meanColour, occlusionMap } from './occlusion.js';

const SIDE = 8;

/** Black, but for one bright pixel. */
function bright(x: number, y: number): Uint8Array {
  const rgb = new Uint8Array(SIDE * SIDE * 3);
  rgb.fill(192, (y * SIDE + x) * 3, (y * SIDE + x) * 3 + 3);
  return rgb;
}

/** The brightest value: falls to the fill where the bright pixel is hidden, and nowhere else. */
const brightest = async (rgb: Float32Array) => Math.max(...rgb);

describe('occlusion', () => {
  test('a cell is as important as the score falls when it is hidden; patches side by side need no mean', async () => {
    const map = await occlusionMap({ rgb: bright(5, 2), side: SIDE, patch: 2, stride: 2, score: brightest });

    // 192 becomes the mean of 64 pixels, 3, in the cell of column 2 and row 1.
    expect([...map]).toEqual([0, 0, 0, 0, 0, 0, 189, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  test('where patches overlap a cell gets the mean fall over all that cover it', async () => {
    const map = await occlusionMap({ rgb: bright(0, 0), side: SIDE, patch: 4, stride: 2, score: brightest });

    // The corner is covered by one patch, its neighbours by two, of which one hides the bright pixel, the next by four.
    expect(Array.from(map.subarray(0, 4))).toEqual([189, 94.5, 0, 0]);
    expect(map[5]).toBeCloseTo(189 / 4, 6);
    expect(map[15]).toBe(0);
  });

  test('a score that rises when a part is hidden gives values below 0 there', async () => {
    const score = async (rgb: Float32Array) => -(await brightest(rgb));
    const map = await occlusionMap({ rgb: bright(5, 2), side: SIDE, patch: 2, stride: 2, score });

    expect(Math.min(...map)).toBe(-189);
  });

  test('the fill is the mean of each colour', () => {
    expect(meanColour(Uint8Array.of(0, 10, 20, 100, 30, 40))).toEqual([50, 20, 30]);
  });

  test('patch, stride and side that do not fit each other are refused', async () => {
    const request = { rgb: bright(0, 0), side: SIDE, score: brightest };
    await expect(occlusionMap({ ...request, patch: 3, stride: 2 })).rejects.toThrow('stride of 2');
    await expect(occlusionMap({ ...request, side: 7, patch: 2, stride: 2 })).rejects.toThrow('no image of side 7');
  });
});
