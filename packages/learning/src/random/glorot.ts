import type { RandomStream } from './random-stream.js';

/** A rows x columns matrix of Glorot-uniform weights (Glorot & Bengio 2010): ± sqrt(6 / (rows + columns)). */
export function glorotUniform(rows: number, columns: number, stream: RandomStream): Float32Array {
  const weights = new Float32Array(rows * columns);
  fillGlorot(weights, { rows, columns }, stream);
  return weights;
}

/** The next weights of such a matrix, in row-major order: a large one need never be in memory as a whole. */
export function fillGlorot(
  target: Float32Array,
  { rows, columns }: { readonly rows: number; readonly columns: number },
  stream: RandomStream,
): void {
  stream.fillUniform(target, Math.sqrt(6 / (rows + columns)));
}
