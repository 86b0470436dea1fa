import type { ConvolutionLayer } from './vgg16-architecture.js';
import type { LayerWeights } from './weights.js';

/**
 * F(4 x 4, 3 x 3) (Lavin & Gray 2015, arXiv 1509.09308): a 4 x 4 tile of a 3 x 3 convolution from a 6 x 6 tile of its
 * input with 36 multiplications instead of 144: Y = A^T [ (G g G^T) .* (B^T d B) ] A.
 */
const INPUT_TRANSFORM = [
  [4, 0, -5, 0, 1, 0],
  [0, -4, -4, 1, 1, 0],
  [0, 4, -4, -1, 1, 0],
  [0, -2, -1, 2, 1, 0],
  [0, 2, -1, -2, 1, 0],
  [0, 4, 0, -5, 0, 1],
] as const;

const KERNEL_TRANSFORM = [
  [1 / 4, 0, 0],
  [-1 / 6, -1 / 6, -1 / 6],
  [-1 / 6, 1 / 6, -1 / 6],
  [1 / 24, 1 / 12, 1 / 6],
  [1 / 24, -1 / 12, 1 / 6],
  [0, 0, 1],
] as const;

const OUTPUT_TRANSFORM = [
  [1, 1, 1, 1, 1, 0],
  [0, 1, -1, 2, -2, 0],
  [0, 1, 1, 4, 4, 0],
  [0, 1, -1, 8, -8, 1],
] as const;

/** Side of an output tile, and of the input tile that it needs. */
export const TILE = 4;
export const WINDOW = 6;
/** Values of a transformed tile. */
export const POINTS = WINDOW * WINDOW;

type Matrix = readonly (readonly number[])[];

/** The two-dimensional transform as one matrix: row (i, j), column (y, x) = m[i][y] m[j][x]. */
function twice(matrix: Matrix): number[][] {
  return matrix.flatMap((down) =>
    matrix.map((across) => down.flatMap((vertical) => across.map((horizontal) => vertical * horizontal))),
  );
}

/** 36 x 36, row-major; its columns stand in the given order of window positions (y * 6 + x). */
export function inputTransform(order: readonly number[]): Float32Array {
  return Float32Array.from(twice(INPUT_TRANSFORM).flatMap((row) => order.map((position) => row[position] ?? 0)));
}

/** 16 x 36, row-major: rows are the positions of the output tile. */
export function outputTransform(): Float32Array {
  return Float32Array.from(twice(OUTPUT_TRANSFORM).flat());
}

/** G g G^T of every channel pair, computed in float64: [36, outputs, inputs]. */
export function transformedKernel({ layer, kernel }: LayerWeights): Float32Array {
  const pairs = layer.inputs * layer.outputs;
  const taps = byOutput(kernel, layer);
  const result = new Float32Array(POINTS * pairs);
  const sums = new Float64Array(pairs);
  for (const [point, row] of twice(KERNEL_TRANSFORM).entries()) {
    sums.fill(0);
    for (const [tap, values] of taps.entries()) addScaled(sums, values, row[tap] ?? 0);
    result.set(sums, point * pairs);
  }
  return result;
}

function addScaled(sums: Float64Array, values: Float32Array, scale: number): void {
  if (scale === 0) return;
  for (let index = 0; index < sums.length; index++) sums[index] = (sums[index] ?? 0) + scale * (values[index] ?? 0);
}

/** The nine taps of a kernel, each [outputs, inputs]. */
function byOutput(kernel: Float32Array, { inputs, outputs }: ConvolutionLayer): Float32Array[] {
  const pairs = inputs * outputs;
  return Array.from({ length: 9 }, (_, tap) => {
    const result = new Float32Array(pairs);
    for (let input = 0; input < inputs; input++) {
      for (let output = 0; output < outputs; output++) {
        result[output * inputs + input] = kernel[tap * pairs + input * outputs + output] ?? 0;
      }
    }
    return result;
  });
}
