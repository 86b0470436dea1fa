/** One of ten equal-width bins of a probability. */
export interface ReliabilityBin {
  readonly low: number;
  readonly high: number;
  readonly n: number;
  /** Null in an empty bin. */
  readonly meanProbability: number | null;
  readonly fractionPositive: number | null;
}

const BINS = 10;

/**
 * Brier score, in [0, 1]: mean over images of half the squared distance between the probabilities and the truth.
 * For two classes that is mean (p - y)^2 of the positive class. Null without images.
 */
export function brierScore(labels: ArrayLike<number>, probabilities: readonly (readonly number[])[]): number | null {
  const losses = brierLosses(labels, probabilities);
  return losses.length === 0 ? null : losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

/** Each image's term of {@link brierScore}. */
export function brierLosses(labels: ArrayLike<number>, probabilities: readonly (readonly number[])[]): number[] {
  return probabilities.map((row, i) => row.reduce((sum, p, k) => sum + (p - (labels[i] === k ? 1 : 0)) ** 2, 0) / 2);
}

/** Mean negative natural logarithm of the probability given to the truth, clipped at 1e-15; null without images. */
export function logLoss(labels: ArrayLike<number>, probabilities: readonly (readonly number[])[]): number | null {
  if (probabilities.length === 0) return null;
  const losses = probabilities.map((row, i) => -Math.log(Math.max(row[labels[i] ?? -1] ?? 0, 1e-15)));
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

/** Index of the bin of a probability: min(floor(10 p), 9) in IEEE doubles. */
export function binOf(probability: number): number {
  return Math.min(Math.floor(BINS * probability), BINS - 1);
}

/** Ten bins of the positive class's probability. */
export function reliabilityBins(labels: ArrayLike<number>, probabilities: ArrayLike<number>): ReliabilityBin[] {
  const sums = Array.from({ length: BINS }, () => ({ n: 0, probability: 0, positive: 0 }));
  for (let i = 0; i < probabilities.length; i += 1) {
    const p = probabilities[i] ?? 0;
    const bin = sums[binOf(p)];
    if (bin === undefined) throw new RangeError(`image ${i}: ${p} is not a probability`);
    bin.n += 1;
    bin.probability += p;
    bin.positive += labels[i] === 1 ? 1 : 0;
  }
  return sums.map(({ n, probability, positive }, index) => ({
    low: index / BINS,
    high: (index + 1) / BINS,
    n,
    meanProbability: n === 0 ? null : probability / n,
    fractionPositive: n === 0 ? null : positive / n,
  }));
}

/** Expected and largest gap between what was promised and what came true; null without images. */
export function calibrationErrors(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
): { expected: number | null; largest: number | null } {
  const total = probabilities.length;
  if (total === 0) return { expected: null, largest: null };
  const gaps = reliabilityBins(labels, probabilities).map(({ n, meanProbability, fractionPositive }) => ({
    n,
    gap: Math.abs((meanProbability ?? 0) - (fractionPositive ?? 0)),
  }));
  return {
    expected: gaps.reduce((sum, { n, gap }) => sum + (n / total) * gap, 0),
    largest: Math.max(...gaps.map(({ gap }) => gap)),
  };
}

/** Expected calibration error of the chosen class: its probability against whether the choice was right. */
export function topLabelCalibrationError(
  labels: ArrayLike<number>,
  probabilities: readonly (readonly number[])[],
  predicted: ArrayLike<number>,
): number | null {
  const confidence = probabilities.map((row, i) => row[predicted[i] ?? -1] ?? 0);
  const right = probabilities.map((_, i) => (predicted[i] === labels[i] ? 1 : 0));
  return calibrationErrors(right, confidence).expected;
}
