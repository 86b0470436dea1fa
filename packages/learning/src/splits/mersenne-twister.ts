const SIZE = 624;
const SHIFT = 397;

/**
 * MT19937 (Matsumoto & Nishimura 1998), seeded and used the way NumPy's RandomState does it, so that folds equal those
 * of scikit-learn for the same seed. For folds only: heads draw from faster generators.
 */
export class MersenneTwister {
  readonly #state = new Uint32Array(SIZE);
  #index = SIZE;

  constructor(seed: number) {
    this.#state[0] = seed;
    for (let i = 1; i < SIZE; i += 1) {
      const previous = this.#at(i - 1);
      this.#state[i] = Math.imul(1_812_433_253, previous ^ (previous >>> 30)) + i;
    }
  }

  /** 32 uniform bits. */
  next(): number {
    if (this.#index === SIZE) this.#twist();
    let y = this.#at(this.#index);
    this.#index += 1;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  /** A uniform integer in [0, limit], by masking and rejection. */
  upTo(limit: number): number {
    if (limit === 0) return 0;
    const mask = 2 ** (32 - Math.clz32(limit)) - 1;
    for (;;) {
      const value = (this.next() & mask) >>> 0;
      if (value <= limit) return value;
    }
  }

  /** 0 … n - 1 in random order: NumPy's `RandomState.shuffle(arange(n))`. */
  permutation(n: number): Int32Array {
    const order = Int32Array.from({ length: n }, (_, index) => index);
    for (let i = n - 1; i > 0; i -= 1) {
      const j = this.upTo(i);
      const kept = order[i] ?? 0;
      order[i] = order[j] ?? 0;
      order[j] = kept;
    }
    return order;
  }

  #at(index: number): number {
    return this.#state[index % SIZE] ?? 0;
  }

  #twist(): void {
    for (let i = 0; i < SIZE; i += 1) {
      const y = (this.#at(i) & 0x80000000) | (this.#at(i + 1) & 0x7fffffff);
      this.#state[i] = this.#at(i + SHIFT) ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.#index = 0;
  }
}
