import type { RandomStream } from './random-stream.js';

/** 0 … n - 1 in random order (Fisher-Yates). */
export function shuffled(n: number, stream: RandomStream): Int32Array {
  const order = Int32Array.from({ length: n }, (_, index) => index);
  for (let i = n - 1; i > 0; i -= 1) {
    const j = Math.floor((stream() / 2 ** 32) * (i + 1));
    const kept = order[i] ?? 0;
    order[i] = order[j] ?? 0;
    order[j] = kept;
  }
  return order;
}
