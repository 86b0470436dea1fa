/** What a stream of random numbers is for; two purposes never share numbers. */
const PURPOSES = { 'first-layer': 1, 'second-layer': 2, 'output-layer': 3, shuffle: 4, member: 5 } as const;

export type Purpose = keyof typeof PURPOSES;

/** Uniform 32-bit integers, one per call. */
export type RandomStream = () => number;

/**
 * The stream of random numbers for a purpose, fixed by the seed and the counters (member, repeat, epoch …):
 * sfc32 (Doty-Humphrey 2010), its state filled by hashing. The same arguments give the same numbers on every machine.
 */
export function randomStream(purpose: Purpose, ...counters: readonly number[]): RandomStream {
  let [a, b, c] = [0, 0, 0].map((_, index) => hash([index, PURPOSES[purpose], ...counters])) as [
    number,
    number,
    number,
  ];
  let counter = 1;
  const next = (): number => {
    const result = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return result >>> 0;
  };
  for (let i = 0; i < 12; i += 1) next();
  return next;
}

/** MurmurHash3's mixing (Appleby) over 32-bit words. */
function hash(words: readonly number[]): number {
  let state = 0x9747b28c;
  for (const word of words) {
    let k = Math.imul(word, 0xcc9e2d51);
    k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
    state ^= k;
    state = (Math.imul((state << 13) | (state >>> 19), 5) + 0xe6546b64) | 0;
  }
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) >>> 0;
}
