import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findNearDuplicates, hashDistance, perceptualHash, SAME_PICTURE } from './perceptual-hash.js';
import { seededRandom } from './random.js';

const SIDE = 64;

/** A smooth picture of a few waves. */
function aPicture(seed: number): number[] {
  const random = seededRandom(seed);
  const waves = Array.from({ length: 6 }, () => [random.below(9), random.below(9), random.below(628) / 100] as const);
  return Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [x, y] = [(i % SIDE) / SIDE, Math.floor(i / SIDE) / SIDE];
    return waves.reduce((sum, [fx, fy, phase]) => sum + Math.sin(fx * x * 3 + fy * y * 3 + phase), 0);
  });
}

describe('perceptualHash', () => {
  test('brightness and contrast do not move it, noise barely does, another picture does', () => {
    const picture = aPicture(1);
    const random = seededRandom(9);
    const hash = perceptualHash(picture);

    expect(hashDistance(hash, perceptualHash(picture.map((value) => 3 * value + 40)))).toBe(0);
    expect(hashDistance(hash, perceptualHash(picture.map((value) => value + random.below(100) / 200)))).toBeLessThan(
      0.05,
    );
    expect(hashDistance(hash, perceptualHash(aPicture(2)))).toBeGreaterThan(0.2);
  });

  test('distance is symmetric, zero for itself, and 1 for the negative of a picture without flat places', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 1000 }), (one, other) => {
        const [a, b] = [perceptualHash(aPicture(one)), perceptualHash(aPicture(other))];

        expect(hashDistance(a, a)).toBe(0);
        expect(hashDistance(a, b)).toBe(hashDistance(b, a));
      }),
      { numRuns: 10 },
    );
    const picture = Array.from({ length: SIDE * SIDE }, (_, i) => (i % SIDE) + 3 * Math.floor(i / SIDE));
    expect(hashDistance(perceptualHash(picture), perceptualHash(picture.map((value) => -value)))).toBe(1);
  });

  test('finds the copies in a heap, the most alike first', () => {
    const random = seededRandom(5);
    const noisy = aPicture(3).map((value) => value + random.below(100) / 100);
    const hashes = [aPicture(3), aPicture(4), noisy, aPicture(4)].map(perceptualHash);

    const found = findNearDuplicates(hashes);

    expect(found.map(({ first, second }) => [first, second])).toEqual([
      [1, 3],
      [0, 2],
    ]);
    expect(found[1]?.distance).toBeLessThanOrEqual(SAME_PICTURE);
  });

  test('refuses what is not a square picture', () => {
    expect(() => perceptualHash([1, 2, 3])).toThrow('not a square');
  });
});
