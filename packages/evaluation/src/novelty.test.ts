import { describe, expect, test } from 'vitest';
import { type Descriptor, descriptorOf, fitNoveltyGuard, noveltyP } from './novelty.js';
import { seededRandom } from './random.js';

const random = seededRandom(12);

/** Pool5-like rows: a family shares which channels are bright. */
function aRow(family: number): Float32Array {
  return Float32Array.from({ length: 25_088 }, (_, i) => {
    const bright = (i % 512) % 7 === family ? 3 : 1;
    return bright * (random.uint32() / 2 ** 32);
  });
}

/** Descriptors of a family that differ a little, without the cost of whole rows. */
function descriptors(family: number, n: number): Descriptor[] {
  const centre = descriptorOf(aRow(family));
  return Array.from({ length: n }, () => centre.map((value) => value + (random.uint32() / 2 ** 32) * 0.05));
}

const training = descriptors(1, 60).map((descriptor, i) => ({ descriptor, patient: `patient ${i}` }));

describe('descriptorOf', () => {
  test('has unit length and does not depend on contrast or place', () => {
    const row = aRow(1);
    const shifted = Float32Array.from(row, (_, i) => row[(i + 512) % row.length] ?? 0);
    const descriptor = descriptorOf(row);

    expect(Math.hypot(...descriptor)).toBeCloseTo(1, 5);
    for (const [i, value] of descriptorOf(row.map((one) => 4 * one)).entries())
      expect(value).toBeCloseTo(descriptor[i]!, 5);
    for (const [i, value] of descriptorOf(shifted).entries()) expect(value).toBeCloseTo(descriptor[i]!, 5);
  });

  test('a row of zeros stays finite, another length is refused', () => {
    expect(descriptorOf(new Float32Array(25_088)).every((value) => value === 0)).toBe(true);
    expect(() => descriptorOf(new Float32Array(10))).toThrow('this one has 10');
  });
});

describe('noveltyP', () => {
  test('is small for a picture of another kind and ordinary for one of the same kind', () => {
    const guard = fitNoveltyGuard(training)!;
    const alike = descriptors(1, 1)[0]!;
    const centre = descriptorOf(aRow(3));

    expect(noveltyP(guard, centre)).toBeCloseTo(1 / 61, 9);
    expect(noveltyP(guard, training[0]!.descriptor)).toBeGreaterThan(0.05);
    expect(noveltyP(guard, alike)).toBeGreaterThan(0);
  });

  test('a few patients are too few to know what is usual', () => {
    expect(fitNoveltyGuard(training.slice(0, 5))).toBeUndefined();
    expect(fitNoveltyGuard(training.map((one) => ({ ...one, patient: 'the same' })))).toBeUndefined();
  });
});
