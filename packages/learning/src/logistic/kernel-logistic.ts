/** L2 logistic regression in the span of its rows. M = 1 logit for two classes (of the second), else one per class. */
export interface LogisticProblem {
  /** Rows times rows, [n, n], symmetric. */
  readonly kernel: Float64Array;
  readonly labels: Int32Array;
  readonly classes: number;
  /** Weight of the loss against half the squared norm of the weights (scikit-learn's C); the intercept is free. */
  readonly penalty: number;
}

export interface LogisticSolution {
  /** [n, M]: weights = rows^T coefficients. */
  readonly coefficients: Float64Array;
  readonly intercepts: Float64Array;
  readonly iterations: number;
}

/** Newton steps before the solver gives up; it takes 5-10. */
const MOST_STEPS = 100;
/** Norm of the gradient of the weights at which the optimum counts as reached, relative to the largest it can be. */
const TOLERANCE = 1e-8;

/**
 * Minimises half the squared norm + penalty · sum of losses, by Newton's method with conjugate gradients in the inner
 * product of the kernel: no approximation, no randomness. Throws when it does not converge.
 */
export function solveKernelLogistic(problem: LogisticProblem): LogisticSolution {
  const n = problem.labels.length;
  const logits = problem.classes === 2 ? 1 : problem.classes;
  const enough = TOLERANCE * problem.penalty * Math.sqrt(trace(problem) + n);
  let point: Point = { span: new Float64Array(n * logits), free: new Float64Array(logits) };
  for (let step = 1; step <= MOST_STEPS; step += 1) {
    const here = evaluate(problem, point);
    const gradient = gradientAt(problem, point, here);
    // In the kernel's own norm: what it maps to nothing changes no weight, and standardised rows have such a direction.
    if (Math.sqrt(Math.max(0, inner(problem, gradient, gradient))) <= enough) {
      return { coefficients: point.span, intercepts: point.free, iterations: step - 1 };
    }
    const direction = conjugateGradients(problem, here, scaled(gradient, -1));
    point = lineSearch(problem, { point, direction, from: here.objective, slope: inner(problem, gradient, direction) });
  }
  throw new Error(`logistic regression did not converge in ${MOST_STEPS} Newton steps; are the features finite?`);
}

/** Probabilities [m, classes] from logits [m, M]. */
export function logisticProbabilities(logits: Float64Array, classes: number): Float64Array {
  if (classes === 2) {
    return Float64Array.from({ length: logits.length * 2 }, (_, index) => {
      const logit = logits[index >> 1] ?? 0;
      return 1 / (1 + Math.exp(index % 2 === 1 ? -logit : logit));
    });
  }
  const result = new Float64Array(logits.length);
  for (let row = 0; row < logits.length; row += classes) {
    const own = logits.subarray(row, row + classes);
    const highest = own.reduce((high, value) => Math.max(high, value), Number.NEGATIVE_INFINITY);
    const total = own.reduce((sum, value) => sum + Math.exp(value - highest), 0);
    own.forEach((value, index) => {
      result[row + index] = Math.exp(value - highest) / total;
    });
  }
  return result;
}

/** A place or a direction: a part in the span of the rows, and the free intercepts. */
interface Point {
  readonly span: Float64Array;
  readonly free: Float64Array;
}

interface Evaluation {
  readonly objective: number;
  /** Probability of every logit's class, [n, M]. */
  readonly probabilities: Float64Array;
}

function evaluate(problem: LogisticProblem, point: Point): Evaluation {
  const { labels, classes, penalty } = problem;
  const spread = kernelTimes(problem, point.span);
  const logits = addFree(spread, point.free);
  const all = logisticProbabilities(logits, classes);
  const width = point.free.length;
  let loss = 0;
  labels.forEach((label, row) => {
    loss += logLoss(logits.subarray(row * width, (row + 1) * width), label);
  });
  return {
    objective: dot(point.span, spread) / 2 + penalty * loss,
    probabilities: classes === 2 ? all.filter((_, index) => index % 2 === 1) : all,
  };
}

function logLoss(logits: Float64Array, label: number): number {
  if (logits.length === 1) {
    const margin = (label === 1 ? 1 : -1) * (logits[0] ?? 0);
    return margin > 0 ? Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin)) - margin;
  }
  const highest = logits.reduce((high, value) => Math.max(high, value), Number.NEGATIVE_INFINITY);
  return highest + Math.log(logits.reduce((sum, value) => sum + Math.exp(value - highest), 0)) - (logits[label] ?? 0);
}

/** Gradient in the kernel's inner product: span + penalty · (p - y), and its column sums for the intercepts. */
function gradientAt({ labels, penalty }: LogisticProblem, { span, free }: Point, here: Evaluation): Point {
  const width = free.length;
  const residual = here.probabilities.map((probability, index) => {
    const label = labels[Math.floor(index / width)];
    const target = width === 1 ? label === 1 : label === index % width;
    return penalty * (probability - (target ? 1 : 0));
  });
  return { span: span.map((value, index) => value + (residual[index] ?? 0)), free: columnSums(residual, width) };
}

/** The second derivative along a direction; self-adjoint in the kernel's inner product. */
function curvature(problem: LogisticProblem, here: Evaluation, { span, free }: Point): Point {
  const width = free.length;
  const change = addFree(kernelTimes(problem, span), free);
  const weighted = new Float64Array(change.length);
  for (let row = 0; row < change.length; row += width) {
    const [p, c] = [here.probabilities.subarray(row, row + width), change.subarray(row, row + width)];
    const mean = width === 1 ? (p[0] ?? 0) * (c[0] ?? 0) : dot(p, c);
    for (let j = 0; j < width; j += 1) weighted[row + j] = problem.penalty * (p[j] ?? 0) * ((c[j] ?? 0) - mean);
  }
  return { span: span.map((value, index) => value + (weighted[index] ?? 0)), free: columnSums(weighted, width) };
}

/** Solves curvature · direction = wanted. Softmax leaves the intercepts' common shift free; it stays where it was. */
function conjugateGradients(problem: LogisticProblem, here: Evaluation, wanted: Point): Point {
  let direction = scaled(wanted, 0);
  let residual = wanted;
  let search = wanted;
  let size = inner(problem, residual, residual);
  const enough = size * 1e-20;
  for (let step = 0; step < 4 * (wanted.span.length + 1) && size > enough && size > 0; step += 1) {
    const bent = curvature(problem, here, search);
    const along = inner(problem, search, bent);
    if (!(along > 0)) break;
    const length = size / along;
    direction = plus(direction, search, length);
    residual = plus(residual, bent, -length);
    const next = inner(problem, residual, residual);
    search = plus(residual, search, next / size);
    size = next;
  }
  return direction;
}

function lineSearch(
  problem: LogisticProblem,
  { point, direction, from, slope }: { point: Point; direction: Point; from: number; slope: number },
): Point {
  for (let length = 1; length > 1e-6; length /= 2) {
    const candidate = plus(point, direction, length);
    if (evaluate(problem, candidate).objective <= from + 1e-4 * length * slope + 1e-12 * Math.abs(from))
      return candidate;
  }
  return plus(point, direction, 1);
}

function kernelTimes({ kernel, labels }: LogisticProblem, span: Float64Array): Float64Array {
  const n = labels.length;
  const width = span.length / n;
  const result = new Float64Array(span.length);
  for (let row = 0; row < n; row += 1) {
    const entries = kernel.subarray(row * n, (row + 1) * n);
    for (let j = 0; j < width; j += 1) {
      let sum = 0;
      for (let k = 0; k < n; k += 1) sum += (entries[k] ?? 0) * (span[k * width + j] ?? 0);
      result[row * width + j] = sum;
    }
  }
  return result;
}

function inner(problem: LogisticProblem, left: Point, right: Point): number {
  return dot(left.span, kernelTimes(problem, right.span)) + dot(left.free, right.free);
}

function addFree(values: Float64Array, free: Float64Array): Float64Array {
  return values.map((value, index) => value + (free[index % free.length] ?? 0));
}

function columnSums(values: Float64Array, width: number): Float64Array {
  const sums = new Float64Array(width);
  values.forEach((value, index) => {
    sums[index % width] = (sums[index % width] ?? 0) + value;
  });
  return sums;
}

function plus(left: Point, right: Point, factor: number): Point {
  const add = (a: Float64Array, b: Float64Array): Float64Array =>
    a.map((value, index) => value + factor * (b[index] ?? 0));
  return { span: add(left.span, right.span), free: add(left.free, right.free) };
}

function scaled({ span, free }: Point, factor: number): Point {
  return { span: span.map((value) => value * factor), free: free.map((value) => value * factor) };
}

function dot(left: Float64Array, right: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < left.length; i += 1) sum += (left[i] ?? 0) * (right[i] ?? 0);
  return sum;
}

function trace({ kernel, labels }: LogisticProblem): number {
  return labels.reduce((sum, _, i) => sum + (kernel[i * labels.length + i] ?? 0), 0);
}
