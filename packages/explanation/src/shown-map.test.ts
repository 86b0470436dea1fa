import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { saliencyOf, shownMap } from './shown-map.js';

describe('a map as a picture shows it', () => {
  test('what speaks against the target is dark, the largest value of few cells is the top', () => {
    expect([...shownMap(Float32Array.of(-2, 0, 1, 4))]).toEqual([0, 0, 0.25, 1]);
  });

  test('a few extreme pixels of many do not darken the others', () => {
    const map = Float32Array.from({ length: 1000 }, (_, pixel) => (pixel < 3 ? 1e6 : pixel / 1000));

    expect(shownMap(map)[500]).toBeCloseTo(0.5, 1);
    expect(shownMap(map)[0]).toBe(1);
  });

  test('a map in which nothing speaks for the target is dark everywhere', () => {
    expect(Math.max(...shownMap(Float32Array.of(-1, 0, -3)))).toBe(0);
  });

  test('every value lies between 0 and 1, and a larger one is never darker', () => {
    fc.assert(
      fc.property(fc.float32Array({ noNaN: true, noDefaultInfinity: true, minLength: 1, maxLength: 300 }), (map) => {
        const shown = shownMap(map);
        for (const [index, value] of map.entries()) {
          expect(shown[index]).toBeGreaterThanOrEqual(0);
          expect(shown[index]).toBeLessThanOrEqual(1);
          if (index > 0 && value > (map[index - 1] ?? 0))
            expect(shown[index]).toBeGreaterThanOrEqual(shown[index - 1] ?? 0);
        }
      }),
    );
  });
});

test('a pixel of a gradient counts by its largest colour, whatever the sign', () => {
  expect([...saliencyOf(Float32Array.of(1, -5, 2, 0, 0, 0.5))]).toEqual([5, 0.5]);
});
