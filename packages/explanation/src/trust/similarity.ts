/** Ranks from 1; equal values share the mean of their ranks. */
function ranksOf(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, index) => index).sort(
    (a, b) => (values[a] ?? 0) - (values[b] ?? 0),
  );
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end] ?? 0] === values[order[start] ?? 0]) end += 1;
    for (const index of order.slice(start, end)) ranks[index] = (start + end + 1) / 2;
    start = end;
  }
  return ranks;
}

/** Spearman's rank correlation: Pearson's of the ranks. 0 where one of the two is constant: it orders nothing. */
export function rankCorrelation(one: ArrayLike<number>, other: ArrayLike<number>): number {
  if (one.length !== other.length) throw new RangeError(`maps of ${one.length} and ${other.length} values`);
  const [a, b] = [ranksOf(one), ranksOf(other)];
  const mean = (one.length + 1) / 2;
  let [products, first, second] = [0, 0, 0];
  for (const [index, rank] of a.entries()) {
    const [x, y] = [rank - mean, (b[index] ?? mean) - mean];
    products += x * y;
    first += x * x;
    second += y * y;
  }
  return first === 0 || second === 0 ? 0 : products / Math.sqrt(first * second);
}

/** Wang 2004, equations 12 and 13, for values between 0 and 1. */
const C1 = 0.01 ** 2;
const C2 = 0.03 ** 2;

/** Side of the window: 7 pixels, 3 where a map has few cells. */
const WINDOW = 7;
const WINDOW_OF_FEW = 3;
const FEW = 28;

/**
 * Mean structural similarity (Wang 2004, IEEE TIP 13:600) of two square maps of values between 0 and 1, over every place
 * of a uniform window.
 */
export function structuralSimilarity(one: Float32Array, other: Float32Array, side: number): number {
  if (one.length !== side * side || other.length !== side * side) throw new RangeError(`no two maps of side ${side}`);
  const window = side < FEW ? WINDOW_OF_FEW : WINDOW;
  let sum = 0;
  for (let top = 0; top <= side - window; top += 1)
    for (let left = 0; left <= side - window; left += 1)
      sum += windowSimilarity(one, other, { top, left, window, side });
  return sum / (side - window + 1) ** 2;
}

function windowSimilarity(
  one: Float32Array,
  other: Float32Array,
  { top, left, window, side }: { top: number; left: number; window: number; side: number },
): number {
  const count = window * window;
  let [a, b, aa, bb, ab] = [0, 0, 0, 0, 0];
  for (let y = top; y < top + window; y += 1) {
    for (let x = left; x < left + window; x += 1) {
      const [first, second] = [one[y * side + x] ?? 0, other[y * side + x] ?? 0];
      a += first;
      b += second;
      aa += first * first;
      bb += second * second;
      ab += first * second;
    }
  }
  const [ma, mb] = [a / count, b / count];
  const [va, vb, cov] = [aa / count - ma * ma, bb / count - mb * mb, ab / count - ma * mb];
  return ((2 * ma * mb + C1) * (2 * cov + C2)) / ((ma * ma + mb * mb + C1) * (va + vb + C2));
}
