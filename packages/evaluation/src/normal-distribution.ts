/** The 97.5 % point of the standard normal distribution; half the width of a 95 % interval in standard errors. */
export const Z_95 = 1.959963984540054;

/**
 * Complementary error function to full double precision: the Taylor series of erf near zero, the continued
 * fraction of erfc in the tail (Abramowitz & Stegun 7.1.6 and 7.1.14). Needed because p-values live in the tail,
 * where `1 - erf(x)` has no digits left.
 */
function complementaryErrorFunction(x: number): number {
  if (x < 0) return 2 - complementaryErrorFunction(-x);
  if (x < 2) {
    let term = x;
    let sum = x;
    for (let n = 1; Math.abs(term) > Number.EPSILON * Math.abs(sum) * 1e-2; n += 1) {
      term *= (2 * x * x) / (2 * n + 1);
      sum += term;
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
  }
  let fraction = 0;
  for (let k = 120; k >= 1; k -= 1) fraction = k / 2 / (x + fraction);
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * (x + fraction));
}

/** The chance that a standard normal value lies at least |z| from zero. */
export function twoSidedNormalP(z: number): number {
  return complementaryErrorFunction(Math.abs(z) / Math.SQRT2);
}
