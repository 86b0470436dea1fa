import type { RandomStream } from './random-stream.js';

/** A rows x columns matrix of Glorot-uniform weights (Glorot & Bengio 2010): ± sqrt(6 / (rows + columns)). */
export function glorotUniform(rows: number, columns: number, stream: RandomStream): Float32Array {
  return glorotPart({ rows, columns, size: rows * columns }, stream);
}

/** The next `size` weights of such a matrix, in row-major order: a large one need never be in memory as a whole. */
export function glorotPart(
  { rows, columns, size }: { rows: number; columns: number; size: number },
  stream: RandomStream,
): Float32Array {
  const weights = new Float32Array(size);
  stream.fillUniform(weights, Math.sqrt(6 / (rows + columns)));
  return weights;
}
