import type { RandomStream } from './random-stream.js';

/** Levels of either sign: a weight is one of 65,536, as fine as half precision resolves it. */
const LEVELS = 2 ** 15;

/** What a random integer is multiplied by to be a Glorot-uniform weight (Glorot & Bengio 2010): ± sqrt(6 / (rows + columns)). */
export function glorotUnit(rows: number, columns: number): number {
  return Math.fround(Math.sqrt(6 / (rows + columns)) / LEVELS);
}

/** A rows x columns matrix of Glorot-uniform weights, row-major. */
export function glorotUniform(rows: number, columns: number, stream: RandomStream): Float32Array {
  const unit = glorotUnit(rows, columns);
  const integers = new Int16Array(rows * columns);
  stream.fillIntegers(integers);
  const weights = new Float32Array(integers.length);
  for (let i = 0; i < weights.length; i += 1) weights[i] = (integers[i] ?? 0) * unit;
  return weights;
}
