import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hammingDistance, mirroredHash, perceptualHash } from './perceptual-hash.js';

const SIDE = 224;

/** A smooth picture of a dozen random waves, which no symmetry simplifies. */
function aPicture(seed: number): Uint8Array {
  let state = seed + 1;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const waves = Array.from({ length: 24 }, () => ({
    x: next() * 14,
    y: next() * 14,
    phase: next() * 7,
    size: next() * 12,
  }));
  return Uint8Array.from({ length: SIDE * SIDE }, (_, index) => {
    const x = (index % SIDE) / SIDE;
    const y = Math.floor(index / SIDE) / SIDE;
    const sum = waves.reduce(
      (total, wave) => total + wave.size * Math.cos(3.1 * (wave.x * x + wave.y * y) + wave.phase),
      0,
    );
    return Math.max(0, Math.min(255, Math.round(110 + sum)));
  });
}

function mirrored(pixels: Uint8Array): Uint8Array {
  return pixels.map((_, index) => pixels[index - (index % SIDE) + SIDE - 1 - (index % SIDE)] ?? 0);
}

describe('perceptualHash', () => {
  test('is 16 hexadecimal digits, the same for grey and for the same grey as RGB', () => {
    const grey = aPicture(1);
    const rgb = Uint8Array.from({ length: grey.length * 3 }, (_, index) => grey[Math.floor(index / 3)] ?? 0);

    expect(perceptualHash(grey)).toMatch(/^[0-9a-f]{16}$/);
    expect(perceptualHash(rgb)).toBe(perceptualHash(grey));
  });

  test('hardly moves with brightness and contrast', () => {
    fc.assert(
      fc.property(
        fc.nat(1000),
        fc.double({ min: 0.6, max: 1, noNaN: true }),
        fc.integer({ min: 0, max: 40 }),
        (seed, gain, lift) => {
          const picture = aPicture(seed);
          const brighter = picture.map((value) => Math.min(255, Math.round(value * gain + lift)));
          return hammingDistance(perceptualHash(picture), perceptualHash(brighter)) <= 3;
        },
      ),
      { numRuns: 6 },
    );
  });

  test('of the mirror image follows from the hash', () => {
    fc.assert(
      fc.property(fc.nat(1000), (seed) => {
        const picture = aPicture(seed);
        return mirroredHash(perceptualHash(picture)) === perceptualHash(mirrored(picture));
      }),
      { numRuns: 6 },
    );
  });

  test('differs between different pictures', () => {
    const hashes = Array.from({ length: 8 }, (_, seed) => perceptualHash(aPicture(seed * 7)));

    for (const [index, hash] of hashes.entries()) {
      for (const other of hashes.slice(index + 1)) expect(hammingDistance(hash, other)).toBeGreaterThan(12);
    }
  });

  test('is refused for anything but a network input', () => {
    expect(() => perceptualHash(new Uint8Array(100))).toThrow('not of 100 samples');
  });
});

describe('hammingDistance', () => {
  test('counts differing bits', () => {
    expect(hammingDistance('0000000000000000', 'ffffffffffffffff')).toBe(64);
    expect(hammingDistance('00000000000000f0', '0000000000000001')).toBe(5);
  });
});
