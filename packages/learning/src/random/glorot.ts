import type { RandomStream } from './random-stream.js';

/** float32 holds 24 bits of fraction. */
const FRACTION = 2 ** -24;

/** A rows x columns matrix of Glorot-uniform weights (Glorot & Bengio 2010): ± sqrt(6 / (rows + columns)). */
export function glorotUniform(rows: number, columns: number, stream: RandomStream): Float32Array {
  const limit = Math.sqrt(6 / (rows + columns));
  const weights = new Float32Array(rows * columns);
  for (let i = 0; i < weights.length; i += 1) weights[i] = ((stream() >>> 8) * FRACTION * 2 - 1) * limit;
  return weights;
}
