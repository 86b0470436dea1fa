import type { Estimate } from '@xvision/contracts';

/** The 97.5 % point of the standard normal distribution. */
const Z = 1.959963984540054;

/** The 97.5 % point of Student's t: Cornish and Fisher's expansion (Abramowitz & Stegun 26.7.5), to 1e-2 from 3 degrees on. */
export function studentT975(degrees: number): number {
  const z = Z;
  const terms = [
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92_160,
  ];
  return terms.reduce((sum, term, index) => sum + term / degrees ** (index + 1), z);
}

/** The mean of one value per image, with its 95 % interval over images (Student's t); without one below four images. */
export function meanEstimate(values: readonly number[]): Estimate {
  const count = values.length;
  if (count === 0) return { value: null, low: null, high: null };
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (count < 4) return { value: mean, low: null, high: null };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  const half = studentT975(count - 1) * Math.sqrt(variance / count);
  return { value: mean, low: mean - half, high: mean + half };
}
