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
  for (const [point, [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0]] of twice(
    KERNEL_TRANSFORM,
  ).entries()) {
    const [t0, t1, t2, t3, t4, t5, t6, t7, t8] = taps;
    const target = result.subarray(point * pairs, (point + 1) * pairs);
    // Written out: a loop over taps would cost seconds at every start.
    for (let pair = 0; pair < pairs; pair++) {
      target[pair] =
        a * at(t0, pair) +
        b * at(t1, pair) +
        c * at(t2, pair) +
        d * at(t3, pair) +
        e * at(t4, pair) +
        f * at(t5, pair) +
        g * at(t6, pair) +
        h * at(t7, pair) +
        i * at(t8, pair);
    }
  }
  return result;
}

function at(values: Float32Array | undefined, index: number): number {
  return values?.[index] ?? 0;
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
