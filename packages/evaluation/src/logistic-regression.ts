import { CholeskyDecomposition, Matrix } from 'ml-matrix';

/** Two-class logistic regression on standardised columns. */
export interface LogisticModel {
  /** Of the training rows; a column without variance has deviation 0 and counts as 0. */
  readonly means: Float64Array;
  readonly deviations: Float64Array;
  readonly weights: Float64Array;
  readonly intercept: number;
}

const LARGEST_ITERATION = 100;
/** Newton squares its error near the minimum: after a step this small the next would change nothing that counts. */
const LAST_STEP = 1e-6;

/**
 * Minimises the summed cross-entropy + l2 / 2 |w|^2 by Newton's method; the intercept is not penalised. With l2 > 0 the
 * minimum is unique, so the result does not depend on chance or order beyond rounding. Missing values (null) count as
 * the column's mean. Throws RangeError when only one class is given.
 */
export function fitLogistic(
  rows: readonly (readonly (number | null)[])[],
  labels: readonly number[],
  l2: number,
): LogisticModel {
  const positives = labels.filter((label) => label === 1).length;
  if (positives === 0 || positives === labels.length) {
    throw new RangeError('logistic regression needs images of both classes');
  }
  const { means, deviations } = columnMoments(rows);
  const problem: Problem = { inputs: designMatrix(rows, means, deviations), labels: Uint8Array.from(labels), l2 };
  let weights = new Float64Array(means.length + 1);
  weights[0] = Math.log(positives / (labels.length - positives));
  let loss = penalisedLoss(problem, weights);
  for (let iteration = 0; iteration < LARGEST_ITERATION; iteration += 1) {
    const step = newtonStep(problem, weights);
    if (step.every((value) => Math.abs(value) < LAST_STEP)) {
      weights = weights.map((value, k) => value - (step[k] ?? 0));
      break;
    }
    const next = shorten(problem, { weights, step, loss });
    if (next === null) break;
    weights = next.weights;
    loss = next.loss;
  }
  return { means, deviations, weights: weights.slice(1), intercept: weights[0] ?? 0 };
}

/** The probability of class 1. */
export function logisticProbability(model: LogisticModel, row: readonly (number | null)[]): number {
  const inputs = standardised(row, model.means, model.deviations);
  const sum = inputs.reduce((total, value, k) => total + value * (model.weights[k] ?? 0), model.intercept);
  return 1 / (1 + Math.exp(-sum));
}

/** Rows of 1 and the standardised columns, one after the other; flat, since these loops are the cost of a report. */
interface Problem {
  readonly inputs: Float64Array;
  readonly labels: Uint8Array;
  readonly l2: number;
}

function designMatrix(
  rows: readonly (readonly (number | null)[])[],
  means: Float64Array,
  deviations: Float64Array,
): Float64Array {
  const size = means.length + 1;
  const inputs = new Float64Array(rows.length * size);
  for (const [i, row] of rows.entries()) {
    inputs[i * size] = 1;
    inputs.set(standardised(row, means, deviations), i * size + 1);
  }
  return inputs;
}

function newtonStep({ inputs, labels, l2 }: Problem, weights: Float64Array): Float64Array {
  const size = weights.length;
  const hessian = new Float64Array(size * size);
  const gradient = new Float64Array(size);
  for (let i = 0; i < labels.length; i += 1) {
    const row = i * size;
    const p = 1 / (1 + Math.exp(-product(inputs, row, weights)));
    const residual = p - (labels[i] ?? 0);
    const curvature = p * (1 - p);
    for (let j = 0; j < size; j += 1) {
      const left = inputs[row + j] ?? 0;
      const weighted = curvature * left;
      gradient[j] = (gradient[j] ?? 0) + residual * left;
      for (let k = 0; k <= j; k += 1)
        hessian[j * size + k] = (hessian[j * size + k] ?? 0) + weighted * (inputs[row + k] ?? 0);
    }
  }
  // The tiny ridge keeps the intercept's row solvable when every probability is 0 or 1.
  hessian[0] = (hessian[0] ?? 0) + 1e-12;
  for (let j = 1; j < size; j += 1) {
    hessian[j * size + j] = (hessian[j * size + j] ?? 0) + l2;
    gradient[j] = (gradient[j] ?? 0) + l2 * (weights[j] ?? 0);
  }
  for (let j = 0; j < size; j += 1) for (let k = 0; k < j; k += 1) hessian[k * size + j] = hessian[j * size + k] ?? 0;
  const solution = new CholeskyDecomposition(Matrix.from1DArray(size, size, hessian)).solve(
    Matrix.columnVector(gradient),
  );
  return Float64Array.from(solution.to1DArray());
}

/** Halves the step until it does not make things worse; null when no step does, at the limit of rounding. */
function shorten(
  problem: Problem,
  from: { readonly weights: Float64Array; readonly step: Float64Array; readonly loss: number },
): { weights: Float64Array<ArrayBuffer>; loss: number } | null {
  for (let scale = 1; scale > 1e-9; scale /= 2) {
    const weights = Float64Array.from(from.weights, (value, k) => value - scale * (from.step[k] ?? 0));
    const loss = penalisedLoss(problem, weights);
    if (loss <= from.loss) return { weights, loss };
  }
  return null;
}

function penalisedLoss({ inputs, labels, l2 }: Problem, weights: Float64Array): number {
  const size = weights.length;
  let loss = 0;
  for (let i = 0; i < labels.length; i += 1) {
    const sum = product(inputs, i * size, weights);
    const signed = labels[i] === 1 ? sum : -sum;
    loss += signed > 0 ? Math.log1p(Math.exp(-signed)) : -signed + Math.log1p(Math.exp(signed));
  }
  return loss + (l2 / 2) * weights.slice(1).reduce((sum, value) => sum + value * value, 0);
}

function columnMoments(rows: readonly (readonly (number | null)[])[]): {
  means: Float64Array;
  deviations: Float64Array;
} {
  const columns = rows[0]?.length ?? 0;
  const means = new Float64Array(columns);
  const deviations = new Float64Array(columns);
  for (let k = 0; k < columns; k += 1) {
    const known = rows.map((row) => row[k] ?? null).filter((value) => value !== null);
    if (known.length === 0) continue;
    const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
    const variance = known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length;
    means[k] = mean;
    deviations[k] = Math.sqrt(variance) > 1e-9 * Math.max(1, Math.abs(mean)) ? Math.sqrt(variance) : 0;
  }
  return { means, deviations };
}

function standardised(row: readonly (number | null)[], means: Float64Array, deviations: Float64Array): number[] {
  return Array.from(means, (mean, k) => {
    const deviation = deviations[k] ?? 0;
    return deviation === 0 ? 0 : ((row[k] ?? mean) - mean) / deviation;
  });
}

/** Of the row that starts at `from`. */
function product(inputs: Float64Array, from: number, weights: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < weights.length; k += 1) sum += (inputs[from + k] ?? 0) * (weights[k] ?? 0);
  return sum;
}
