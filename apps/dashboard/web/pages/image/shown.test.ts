import type { GreyValues } from '@xvision/contracts';
import { describe, expect, test } from 'vitest';
import { boundsOf, dragged, presetsOf, tableOf, within } from './shown.js';

const deep: GreyValues = {
  width: 2,
  height: 1,
  samples: 1,
  bits: 16,
  signed: true,
  bitsStored: 12,
  slope: 2,
  intercept: -100,
  inverted: false,
  least: -200,
  most: 1800,
  windows: [{ centre: 40, width: 400, shape: 'LINEAR' }],
  full: { centre: -101, width: 8190, shape: 'LINEAR_EXACT' },
  first: { centre: 40, width: 400, shape: 'LINEAR' },
};

describe('an original on the page', () => {
  test('keeps apart by a narrow window what 8 bits would merge', () => {
    const near = tableOf(
      { ...deep, signed: false, slope: 1, intercept: 0 },
      {
        window: { centre: 30_005, width: 10, shape: 'LINEAR_EXACT' },
        inverted: false,
      },
    );

    const shown = near.slice(30_000, 30_011);
    expect([shown[0], shown[5], shown[10], new Set(shown).size]).toEqual([0, 128, 255, 11]);
  });

  test('goes through slope, intercept and sign, and may be turned to its negative', () => {
    const table = tableOf(deep, { window: { centre: 0, width: 400, shape: 'LINEAR_EXACT' }, inverted: false });
    const negative = tableOf(deep, { window: { centre: 0, width: 400, shape: 'LINEAR_EXACT' }, inverted: true });

    // -50 is -200 for the modality: black. 150 is 200: white.
    expect([table[-50 & 0xffff], table[50], table[150]]).toEqual([0, 128, 255]);
    expect([negative[-50 & 0xffff], negative[150]]).toEqual([255, 0]);
  });

  test('offers the window of the file first, and one over what there is', () => {
    const titles = presetsOf(deep).map(({ title }) => title);

    expect(titles).toEqual(['window of the file', 'full range', 'what there is', 'dark tissue', 'bright tissue']);
    expect(presetsOf(deep)[2]?.window).toEqual({ centre: 1500, width: 4000, shape: 'LINEAR_EXACT' });
    expect(new Set(presetsOf({ ...deep, windows: [deep.first, deep.first] }).map(({ title }) => title)).size).toBe(6);
  });

  test('follows the hand within what the file can hold', () => {
    const bounds = boundsOf(deep);

    expect(bounds).toEqual({ low: -4196, high: 3994, least: 1 });
    expect(dragged(deep.first, { x: 10, y: 0 }, bounds).width).toBeGreaterThan(deep.first.width);
    expect(within({ ...deep.first, centre: 1e6, width: -5 }, bounds)).toMatchObject({ centre: 3994, width: 1 });
  });
});
