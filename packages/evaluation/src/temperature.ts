/** ln T is searched in [-6, 6]: from e^-6 to e^6, far beyond any network's over-confidence. */
const LARGEST_LOG_TEMPERATURE = 6;

/** Probabilities are kept off 0 and 1, whose logits are infinite. */
const SMALLEST_PROBABILITY = 1e-15;

export interface Temperature {
  /** T > 0: logits are divided by it; above 1 the model was too sure. */
  readonly temperature: number;
  /** Mean negative log likelihood before and after, in nats. */
  readonly before: number;
  readonly after: number;
}

/**
 * The temperature that makes two-class probabilities as likely as one number can (Guo 2017). Fit it on validation or
 * out-of-fold scores only, never on the images whose calibration is then reported. Null where no finite
 * temperature is best: one class only, constant scores of one half, or classes that the scores separate completely.
 */
export function fitTemperature(labels: ArrayLike<number>, probabilities: ArrayLike<number>): Temperature | null {
  const truth = Array.from(labels);
  if (!truth.includes(1) || truth.every((label) => label === 1)) return null;
  const logits = Float64Array.from(probabilities, logit);
  const loss = (logT: number) => meanNegativeLogLikelihood(truth, logits, Math.exp(logT));
  const best = minimise(loss, -LARGEST_LOG_TEMPERATURE, LARGEST_LOG_TEMPERATURE);
  if (Math.abs(best) > LARGEST_LOG_TEMPERATURE - 1e-3) return null;
  return { temperature: Math.exp(best), before: loss(0), after: loss(best) };
}

/** A probability after its logit is divided by the temperature. */
export function applyTemperature(probability: number, temperature: number): number {
  return 1 / (1 + Math.exp(-logit(probability) / temperature));
}

function logit(probability: number): number {
  const p = Math.min(1 - SMALLEST_PROBABILITY, Math.max(SMALLEST_PROBABILITY, probability));
  return Math.log(p) - Math.log1p(-p);
}

function meanNegativeLogLikelihood(labels: readonly number[], logits: Float64Array, temperature: number): number {
  let sum = 0;
  for (const [i, value] of logits.entries()) {
    const signed = (labels[i] === 1 ? value : -value) / temperature;
    sum += signed > 0 ? Math.log1p(Math.exp(-signed)) : -signed + Math.log1p(Math.exp(signed));
  }
  return sum / logits.length;
}

/** Golden-section search; the loss has one minimum in ln T. */
function minimise(loss: (x: number) => number, from: number, to: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let low = from;
  let high = to;
  let left = high - ratio * (high - low);
  let right = low + ratio * (high - low);
  let lossLeft = loss(left);
  let lossRight = loss(right);
  while (high - low > 1e-9) {
    if (lossLeft <= lossRight) {
      [high, right, lossRight] = [right, left, lossLeft];
      left = high - ratio * (high - low);
      lossLeft = loss(left);
    } else {
      [low, left, lossLeft] = [left, right, lossRight];
      right = low + ratio * (high - low);
      lossRight = loss(right);
    }
  }
  return (low + high) / 2;
}
