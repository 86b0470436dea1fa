/** The two halves of a 64-bit hash of 16 hexadecimal digits. */
type Bits = readonly [number, number];

export interface Pair {
  readonly first: number;
  readonly second: number;
}

/**
 * Every pair of hashes at most `distance` bits apart, of those that `mayLeak`. A missing hash is near to nothing.
 * 7,000 images are 25 million pairs, so the bits are counted in halves, not as big integers.
 */
export function nearHashes(
  hashes: readonly (string | null)[],
  { distance, mayLeak }: { distance: number; mayLeak: (first: number, second: number) => boolean },
): (Pair & { distance: number })[] {
  const bits = hashes.map((hash): Bits | null =>
    hash === null ? null : [Number.parseInt(hash.slice(0, 8), 16), Number.parseInt(hash.slice(8), 16)],
  );
  const found: (Pair & { distance: number })[] = [];
  for (const [first, one] of bits.entries()) {
    if (one === null) continue;
    for (let second = first + 1; second < bits.length; second += 1) {
      const other = bits[second] ?? null;
      if (other === null) continue;
      const apart = onesIn(one[0] ^ other[0]) + onesIn(one[1] ^ other[1]);
      if (apart <= distance && mayLeak(first, second)) found.push({ first, second, distance: apart });
    }
  }
  return found;
}

/** Bits that are set in 32. Source: Warren, Hacker's Delight, section 5-1. */
function onesIn(word: number): number {
  let sum = word - ((word >>> 1) & 0x55555555);
  sum = (sum & 0x33333333) + ((sum >>> 2) & 0x33333333);
  return Math.imul((sum + (sum >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
