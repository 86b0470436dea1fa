export interface IntegratedGradientsRequest {
  readonly input: Float32Array;
  /** Where the straight path to the input starts, of the same length. */
  readonly baseline: Float32Array;
  readonly steps: number;
  /** The gradient of what is explained at a point of the path. */
  readonly gradientAt: (point: Float32Array) => Promise<Float32Array>;
}

/**
 * What each value of the input contributes to the rise from the baseline (Sundararajan 2017, arXiv 1703.01365): its
 * difference times the mean gradient along the straight path, taken in the middle of each step. Completeness: the
 * contributions sum to f(input) - f(baseline), exactly where f is quadratic along the path, else up to the step width.
 */
export async function integratedGradients(request: IntegratedGradientsRequest): Promise<Float32Array> {
  const { input, baseline, steps, gradientAt } = request;
  if (baseline.length !== input.length)
    throw new RangeError(`a baseline of ${baseline.length} values does not belong to ${input.length}`);
  if (!Number.isInteger(steps) || steps < 1) throw new RangeError(`${steps} is no number of steps`);
  const differences = input.map((value, index) => value - (baseline[index] ?? 0));
  const sums = new Float64Array(input.length);
  for (let step = 0; step < steps; step += 1) {
    const share = (step + 0.5) / steps;
    const gradient = await gradientAt(differences.map((value, index) => (baseline[index] ?? 0) + share * value));
    for (const [index, value] of gradient.entries()) sums[index] = (sums[index] ?? 0) + value;
  }
  return differences.map((value, index) => (value * (sums[index] ?? 0)) / steps);
}
