import { expect, test } from 'vitest';
import { blanked } from './blank.js';

const rgb = Uint8Array.from({ length: 224 * 224 * 3 }, (_, i) => i % 200);
const at = (picture: Uint8Array, x: number, y: number) => picture[(y * 224 + x) * 3];
const MEAN = Math.round(rgb.reduce((sum, value) => sum + value, 0) / rgb.length);

test('the centre is 70 % of each side, and filled with the mean of the picture', () => {
  const without = blanked(rgb, 'centre');

  expect([at(without, 112, 112), at(without, 34, 34), at(without, 189, 189)]).toEqual([MEAN, MEAN, MEAN]);
  for (const [x, y] of [
    [33, 112],
    [112, 33],
    [190, 112],
    [0, 0],
  ] as const)
    expect(at(without, x, y)).toBe(at(rgb, x, y));
});

test('the borders are all the rest: each place is blank in exactly one of the two', () => {
  const [centre, borders] = [blanked(rgb, 'centre'), blanked(rgb, 'borders')];

  for (let i = 0; i < rgb.length; i += 97) {
    const [one, other] = [centre[i] === rgb[i], borders[i] === rgb[i]];
    if (rgb[i] !== MEAN) expect(one).toBe(!other);
  }
});
