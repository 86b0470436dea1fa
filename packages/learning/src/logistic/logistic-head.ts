import { gatherRows, type SharedRows } from '../training/shared-rows.js';
import { logisticProbabilities, solveKernelLogistic } from './kernel-logistic.js';

/** scikit-learn's C per feature: 3 / D did best on the published tables (science.md, section 2). */
const PENALTY_TIMES_FEATURES = 3;

/** Standardisation and weights; row-major [width, logits]. Features are the square roots of pool5. */
export interface LogisticParameters {
  readonly mean: Float64Array;
  /** Standard deviation over the training rows; 1 where a feature never varies. */
  readonly deviation: Float64Array;
  readonly weights: Float64Array;
  readonly intercepts: Float64Array;
}

export interface LogisticFit {
  readonly train: Int32Array;
  readonly labels: Int32Array;
  readonly classes: number;
  /** Rows times rows, [n, n]. */
  readonly gram: (rows: { values: Float32Array; count: number; width: number }) => Promise<Float32Array>;
}

/** Fits on the rows at `train`; exact and without randomness. */
export async function fitLogistic(rows: SharedRows, fit: LogisticFit): Promise<LogisticParameters> {
  const { width } = rows;
  const standard = gatherRows(rows, fit.train);
  for (let i = 0; i < standard.length; i += 1) standard[i] = Math.sqrt(standard[i] ?? 0);
  const { mean, deviation } = columnMoments(standard, width);
  for (let i = 0; i < standard.length; i += width) {
    for (let j = 0; j < width; j += 1) {
      standard[i + j] = ((standard[i + j] ?? 0) - (mean[j] ?? 0)) / (deviation[j] ?? 1);
    }
  }
  const { coefficients, intercepts } = solveKernelLogistic({
    kernel: solvable(await fit.gram({ values: standard, count: fit.train.length, width }), fit.train.length),
    labels: Int32Array.from(fit.train, (index) => fit.labels[index] ?? 0),
    classes: fit.classes,
    penalty: PENALTY_TIMES_FEATURES / width,
  });
  return { mean, deviation, intercepts, weights: weightsOf(standard, coefficients, width) };
}

/** Probabilities [n, classes] of n rows. */
export function scoreLogistic(
  { mean, deviation, weights, intercepts }: LogisticParameters,
  rows: Float32Array,
  classes: number,
): Float64Array {
  const width = mean.length;
  const logits = intercepts.length;
  const values = new Float64Array((rows.length / width) * logits);
  for (let row = 0; row * width < rows.length; row += 1) {
    values.set(intercepts, row * logits);
    for (let j = 0; j < width; j += 1) {
      const standard = (Math.fround(Math.sqrt(rows[row * width + j] ?? 0)) - (mean[j] ?? 0)) / (deviation[j] ?? 1);
      for (let k = 0; k < logits; k += 1) {
        values[row * logits + k] = (values[row * logits + k] ?? 0) + standard * (weights[j * logits + k] ?? 0);
      }
    }
  }
  return logisticProbabilities(values, classes);
}

/** Rows that are copied at a time. */
const CHUNK = 64;

/** The same for rows at some places among those that the threads share. */
export function scoreLogisticAt(
  parameters: LogisticParameters,
  { rows, places, classes }: { rows: SharedRows; places: Int32Array; classes: number },
): Float64Array {
  const result = new Float64Array(places.length * classes);
  for (let start = 0; start < places.length; start += CHUNK) {
    const chunk = gatherRows(rows, places.subarray(start, start + CHUNK));
    result.set(scoreLogistic(parameters, chunk, classes), start * classes);
  }
  return result;
}

function columnMoments(values: Float32Array, width: number): { mean: Float64Array; deviation: Float64Array } {
  const count = values.length / width;
  const mean = new Float64Array(width);
  const deviation = new Float64Array(width);
  for (let i = 0; i < values.length; i += width) {
    for (let j = 0; j < width; j += 1) mean[j] = (mean[j] ?? 0) + (values[i + j] ?? 0) / count;
  }
  for (let i = 0; i < values.length; i += width) {
    for (let j = 0; j < width; j += 1) {
      deviation[j] = (deviation[j] ?? 0) + ((values[i + j] ?? 0) - (mean[j] ?? 0)) ** 2 / count;
    }
  }
  return { mean, deviation: deviation.map((variance) => (variance > 1e-12 ? Math.sqrt(variance) : 1)) };
}

/** Of the kernel's mean diagonal: six times what its sums in float32 were off by along the worst direction (decision 0154). */
const ROUNDING = 1e-5;

/**
 * The kernel as the solver needs it. Two float32 sums of the same products in another order differ, and along directions in which
 * it is zero (standardised rows add up to nothing, equal rows differ by nothing) rounding may make it negative.
 */
function solvable(kernel: Float32Array, size: number): Float64Array {
  const result = Float64Array.from(kernel);
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j < i; j += 1) {
      const mean = ((result[i * size + j] ?? 0) + (result[j * size + i] ?? 0)) / 2;
      result[i * size + j] = mean;
      result[j * size + i] = mean;
    }
  }
  const diagonal = Array.from({ length: size }, (_, i) => result[i * size + i] ?? 0);
  const ridge = (ROUNDING * diagonal.reduce((sum, value) => sum + value, 0)) / size;
  for (const [i, value] of diagonal.entries()) result[i * size + i] = value + ridge;
  return result;
}

function weightsOf(standard: Float32Array, coefficients: Float64Array, width: number): Float64Array {
  const count = standard.length / width;
  const logits = coefficients.length / count;
  const weights = new Float64Array(width * logits);
  for (let row = 0; row < count; row += 1) {
    for (let k = 0; k < logits; k += 1) {
      const coefficient = coefficients[row * logits + k] ?? 0;
      for (let j = 0; j < width; j += 1) {
        weights[j * logits + k] = (weights[j * logits + k] ?? 0) + coefficient * (standard[row * width + j] ?? 0);
      }
    }
  }
  return weights;
}
