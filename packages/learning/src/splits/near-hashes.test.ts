import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nearHashes } from './near-hashes.js';

const hash = fc.stringMatching(/^[0-9a-f]{16}$/);

/** The bits that differ, counted one by one. */
function hammingDistance(one: string, other: string): number {
  const bits = (BigInt(`0x${one}`) ^ BigInt(`0x${other}`)).toString(2);
  return bits.replaceAll('0', '').length;
}

describe('near hashes', () => {
  test('are those within the distance, counted bit by bit', () => {
    fc.assert(
      fc.property(fc.array(hash, { maxLength: 8 }), fc.integer({ min: 0, max: 64 }), (hashes, distance) => {
        const expected = hashes.flatMap((one, first) =>
          hashes.flatMap((other, second) => {
            const apart = hammingDistance(one, other);
            return first < second && apart <= distance ? [{ first, second, distance: apart }] : [];
          }),
        );

        expect(nearHashes(hashes, { distance, mayLeak: () => true })).toEqual(expected);
      }),
    );
  });

  test('an image without a hash is near to nothing', () => {
    expect(nearHashes([null, '0000000000000000', null], { distance: 64, mayLeak: () => true })).toEqual([]);
  });
});
