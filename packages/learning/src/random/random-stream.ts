/** What a stream of random numbers is for; two purposes never share numbers. */
const PURPOSES = { 'first-layer': 1, 'second-layer': 2, 'output-layer': 3, shuffle: 4, member: 5 } as const;

export type Purpose = keyof typeof PURPOSES;

export interface RandomStream {
  /** A uniform 32-bit integer per call. */
  (): number;
  /** The next numbers as uniform 16-bit integers, two of each 32-bit one: far quicker than as many calls. */
  readonly fillIntegers: (target: Int16Array) => void;
}

/**
 * The stream of random numbers for a purpose, fixed by the seed and the counters (member, repeat, epoch …):
 * sfc32 (Doty-Humphrey 2010), its state filled by hashing. The same arguments give the same numbers on every machine.
 */
export function randomStream(purpose: Purpose, ...counters: readonly number[]): RandomStream {
  const state = Int32Array.of(...[0, 1, 2].map((index) => hash([index, PURPOSES[purpose], ...counters])), 1);
  const next = (): number => step(state);
  for (let i = 0; i < 12; i += 1) next();
  return Object.assign(next, { fillIntegers: fillIntegers.bind(undefined, state) });
}

function step(state: Int32Array): number {
  const [a = 0, b = 0, c = 0, counter = 0] = state;
  const result = (((a + b) | 0) + counter) | 0;
  state[0] = b ^ (b >>> 9);
  state[1] = (c + (c << 3)) | 0;
  state[2] = (((c << 21) | (c >>> 11)) + result) | 0;
  state[3] = (counter + 1) | 0;
  return result >>> 0;
}

/** Both halves of each number: `target` begins at a multiple of 4 bytes. An odd one at the end takes a number for itself. */
function fillIntegers(state: Int32Array, target: Int16Array): void {
  const words = new Int32Array(target.buffer, target.byteOffset, target.length >>> 1);
  for (let from = 0; from < words.length; from += STRETCH) fillStretch(state, words.subarray(from, from + STRETCH));
  if (target.length % 2 === 1) target[target.length - 1] = step(state) >>> 16;
}

/**
 * Numbers a call: one single long loop took 19 ms in some processes and 70 in others, as V8 happened to compile it from
 * its middle; a function that is called often took 20 in all.
 */
const STRETCH = 8192;

/** The same steps on local variables: a first layer is 6.4 million numbers. */
function fillStretch(state: Int32Array, target: Int32Array): void {
  let a = (state[0] ?? 0) | 0;
  let b = (state[1] ?? 0) | 0;
  let c = (state[2] ?? 0) | 0;
  let counter = (state[3] ?? 0) | 0;
  for (let i = 0; i < target.length; i += 1) {
    const result = (((a + b) | 0) + counter) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    counter = (counter + 1) | 0;
    target[i] = result;
  }
  state[0] = a;
  state[1] = b;
  state[2] = c;
  state[3] = counter;
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
