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
const SMALLEST_STEP = 1e-10;

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
  const inputs = rows.map((row) => [1, ...standardised(row, means, deviations)]);
  let weights = new Float64Array(means.length + 1);
  weights[0] = Math.log(positives / (labels.length - positives));
  let loss = penalisedLoss(inputs, labels, { weights, l2 });
  for (let iteration = 0; iteration < LARGEST_ITERATION; iteration += 1) {
    const step = newtonStep(inputs, labels, { weights, l2 });
    const next = shorten(weights, step, (candidate) => {
      const tried = penalisedLoss(inputs, labels, { weights: candidate, l2 });
      return tried <= loss;
    });
    if (next === null) break;
    weights = next;
    loss = penalisedLoss(inputs, labels, { weights, l2 });
    if (step.every((value) => Math.abs(value) < SMALLEST_STEP)) break;
  }
  return { means, deviations, weights: weights.slice(1), intercept: weights[0] ?? 0 };
}

/** The probability of class 1. */
export function logisticProbability(model: LogisticModel, row: readonly (number | null)[]): number {
  const inputs = standardised(row, model.means, model.deviations);
  const sum = inputs.reduce((total, value, k) => total + value * (model.weights[k] ?? 0), model.intercept);
  return 1 / (1 + Math.exp(-sum));
}

interface Point {
  readonly weights: Float64Array;
  readonly l2: number;
}

function newtonStep(inputs: readonly number[][], labels: readonly number[], point: Point): Float64Array {
  const size = point.weights.length;
  const hessian = Matrix.zeros(size, size);
  const gradient = new Float64Array(size);
  for (const [i, row] of inputs.entries()) {
    const p = 1 / (1 + Math.exp(-dot(row, point.weights)));
    const curvature = p * (1 - p);
    for (const [j, left] of row.entries()) {
      gradient[j] = (gradient[j] ?? 0) + (p - (labels[i] ?? 0)) * left;
      for (let k = 0; k <= j; k += 1) {
        hessian.set(j, k, hessian.get(j, k) + curvature * left * (row[k] ?? 0));
      }
    }
  }
  for (let j = 0; j < size; j += 1) {
    for (let k = 0; k < j; k += 1) hessian.set(k, j, hessian.get(j, k));
    // The tiny ridge keeps the intercept's row solvable when every probability is 0 or 1.
    hessian.set(j, j, hessian.get(j, j) + (j === 0 ? 1e-12 : point.l2));
    if (j > 0) gradient[j] = (gradient[j] ?? 0) + point.l2 * (point.weights[j] ?? 0);
  }
  return Float64Array.from(new CholeskyDecomposition(hessian).solve(Matrix.columnVector(gradient)).to1DArray());
}

/** Halves the step until it does not make things worse; null when no step does, at the limit of rounding. */
function shorten(
  from: Float64Array,
  step: Float64Array,
  isNoWorse: (candidate: Float64Array) => boolean,
): Float64Array<ArrayBuffer> | null {
  for (let scale = 1; scale > 1e-9; scale /= 2) {
    const candidate = Float64Array.from(from, (value, k) => value - scale * (step[k] ?? 0));
    if (isNoWorse(candidate)) return candidate;
  }
  return null;
}

function penalisedLoss(inputs: readonly number[][], labels: readonly number[], point: Point): number {
  let loss = 0;
  for (const [i, row] of inputs.entries()) {
    const signed = (labels[i] === 1 ? 1 : -1) * dot(row, point.weights);
    loss += signed > 0 ? Math.log1p(Math.exp(-signed)) : -signed + Math.log1p(Math.exp(signed));
  }
  return loss + (point.l2 / 2) * point.weights.slice(1).reduce((sum, value) => sum + value * value, 0);
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

function dot(row: readonly number[], weights: Float64Array): number {
  return row.reduce((sum, value, k) => sum + value * (weights[k] ?? 0), 0);
}
