import { INPUT_LENGTH, INPUT_SIDE } from './vgg16-architecture.js';

/**
 * A picture made by a formula, rgb[y, x, c] = (7x + 13y + 29c + (xy mod 31)) mod 256, whose pool5 under the ImageNet
 * weights was computed by an independent implementation (torch 2.6, float32).
 */
export function goldenImage(): Uint8Array {
  const rgb = new Uint8Array(INPUT_LENGTH);
  let index = 0;
  for (let y = 0; y < INPUT_SIDE; y++) {
    for (let x = 0; x < INPUT_SIDE; x++) {
      for (let channel = 0; channel < 3; channel++) {
        rgb[index++] = (7 * x + 13 * y + 29 * channel + ((x * y) % 31)) % 256;
      }
    }
  }
  return rgb;
}

export interface GoldenPool5 {
  readonly sum: number;
  readonly l2: number;
  readonly max: number;
  readonly argmax: number;
  /** [index, value] of ten entries. */
  readonly values: readonly (readonly [number, number])[];
}

/** pool5 of {@link goldenImage} under the ImageNet weights. */
export const GOLDEN_POOL5: GoldenPool5 = {
  sum: 36203.57,
  l2: 1483.311,
  max: 208.3555,
  argmax: 21288,
  values: [
    [0, 0],
    [347, 28.34116],
    [6952, 206.256],
    [10536, 199.8073],
    [13442, 5.803722],
    [14120, 171.5705],
    [14326, 30.9776],
    [21288, 208.3555],
    [21562, 2.421944],
    [24644, 0.8541937],
  ],
};

/** Exact engines agree with the golden values to this, relative to the row's L2 norm or the value's scale. */
export const GOLDEN_TOLERANCE = 1e-3;

/** What in a pool5 row contradicts the golden values; undefined when all of it agrees. */
export function goldenFault(row: Float32Array, golden: GoldenPool5, tolerance = GOLDEN_TOLERANCE): string | undefined {
  let sum = 0;
  let squares = 0;
  let argmax = 0;
  for (const [index, value] of row.entries()) {
    sum += value;
    squares += value * value;
    if (value > (row[argmax] ?? 0)) argmax = index;
  }
  const found = { sum, l2: Math.sqrt(squares), max: row[argmax] ?? 0 };
  for (const name of ['sum', 'l2', 'max'] as const) {
    if (!(Math.abs(found[name] - golden[name]) <= tolerance * golden[name])) {
      return `its ${name} is ${found[name]}, expected ${golden[name]}`;
    }
  }
  for (const [index, value] of golden.values) {
    const difference = Math.abs((row[index] ?? Number.NaN) - value);
    if (!(difference <= tolerance * golden.max)) return `value ${index} is ${row[index]}, expected ${value}`;
  }
  return undefined;
}
