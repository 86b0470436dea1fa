/** A stream of pseudo-random numbers that is the same bits on every machine for the same seed. */
export interface SeededRandom {
  /** Uniform on the integers 0 … 2^32 - 1. */
  uint32(): number;
  /** Uniform on the integers 0 … n - 1; n at most 2^32. */
  below(n: number): number;
}

/** sfc32 (Chris Doty-Humphrey, PractRand), seeded with one integer and warmed up for 15 rounds. */
export function seededRandom(seed: number): SeededRandom {
  let a = 0;
  let b = seed >>> 0;
  let c = Math.floor(seed / 4_294_967_296) >>> 0;
  let counter = 1;

  function uint32(): number {
    const result = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return result >>> 0;
  }

  for (let round = 0; round < 15; round += 1) uint32();
  return { uint32, below: (n) => Math.floor((uint32() / 4_294_967_296) * n) };
}
