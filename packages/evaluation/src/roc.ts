/** Images sorted by score once, so that a statistic under many resampling weights costs one pass each. */
interface Sorted {
  readonly order: Uint32Array;
  /** Of the images in that order: 1 for the positive class. */
  readonly positive: Uint8Array;
  /** 1 where the next image in order has a higher score: the end of a tie. */
  readonly endOfTie: Uint8Array;
}

function sortByScore(labels: ArrayLike<number>, scores: ArrayLike<number>): Sorted {
  const order = Uint32Array.from({ length: scores.length }, (_, i) => i);
  order.sort((left, right) => at(scores, left) - at(scores, right) || left - right);
  const positive = Uint8Array.from(order, (image) => (at(labels, image) === 1 ? 1 : 0));
  const endOfTie = Uint8Array.from(order, (image, rank) => {
    const next = order[rank + 1];
    return next === undefined || at(scores, next) !== at(scores, image) ? 1 : 0;
  });
  return { order, positive, endOfTie };
}

/**
 * Area under the ROC curve as the Mann-Whitney statistic, ties counting one half, of images that may count more than
 * once or not at all. Prepare once, then call with weights; null when a class has no weight.
 */
export function weightedAuc(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
): (weights: ArrayLike<number>) => number | null {
  const { order, positive, endOfTie } = sortByScore(labels, scores);
  return (weights) => {
    let negativesBelow = 0;
    let positives = 0;
    let pairs = 0;
    let tiedPositives = 0;
    let tiedNegatives = 0;
    for (let rank = 0; rank < order.length; rank += 1) {
      const weight = weights[order[rank] ?? 0] ?? 0;
      if (positive[rank] === 1) tiedPositives += weight;
      else tiedNegatives += weight;
      if (endOfTie[rank] === 0) continue;
      pairs += tiedPositives * (negativesBelow + tiedNegatives / 2);
      positives += tiedPositives;
      negativesBelow += tiedNegatives;
      tiedPositives = 0;
      tiedNegatives = 0;
    }
    return positives === 0 || negativesBelow === 0 ? null : pairs / (positives * negativesBelow);
  };
}

/** AUC of labels 0 and 1; null when only one class is present. Constant scores give exactly .5. */
export function rocAuc(labels: ArrayLike<number>, scores: ArrayLike<number>): number | null {
  return weightedAuc(labels, scores)(new Float64Array(labels.length).fill(1));
}

/** A point of the ROC and of the precision-recall curve: what calling everything at or above `threshold` positive gives. */
export interface CurvePoint {
  readonly threshold: number;
  readonly sensitivity: number;
  readonly specificity: number;
  readonly precision: number;
}

/** One point per distinct score, from the strictest threshold to the loosest; empty when a class is missing. */
export function operatingCurve(labels: ArrayLike<number>, scores: ArrayLike<number>): CurvePoint[] {
  const { order, positive, endOfTie } = sortByScore(
    labels,
    Float64Array.from(scores, (score) => -score),
  );
  const positives = Array.from(labels).filter((label) => label === 1).length;
  const negatives = labels.length - positives;
  if (positives === 0 || negatives === 0) return [];

  const points: CurvePoint[] = [];
  let hits = 0;
  for (let rank = 0; rank < order.length; rank += 1) {
    hits += positive[rank] ?? 0;
    if (endOfTie[rank] === 0) continue;
    points.push({
      threshold: at(scores, order[rank] ?? 0),
      sensitivity: hits / positives,
      specificity: 1 - (rank + 1 - hits) / negatives,
      precision: hits / (rank + 1),
    });
  }
  return points;
}

/**
 * Sum of (R_k - R_{k-1}) P_k over distinct thresholds, without interpolation (scikit-learn), of images that may count
 * more than once or not at all. Prepare once, then call with weights; null when a class has no weight.
 */
export function weightedAveragePrecision(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
): (weights: ArrayLike<number>) => number | null {
  const { order, positive, endOfTie } = sortByScore(
    labels,
    Float64Array.from(scores, (score) => -score),
  );
  return (weights) => {
    let hits = 0;
    let called = 0;
    let newHits = 0;
    let total = 0;
    for (let rank = 0; rank < order.length; rank += 1) {
      const weight = weights[order[rank] ?? 0] ?? 0;
      called += weight;
      if (positive[rank] === 1) newHits += weight;
      if (endOfTie[rank] === 0 || newHits === 0) continue;
      hits += newHits;
      total += newHits * (hits / called);
      newHits = 0;
    }
    return hits === 0 || hits === called ? null : total / hits;
  };
}

/** Average precision of labels 0 and 1; null for one class only. */
export function averagePrecision(labels: ArrayLike<number>, scores: ArrayLike<number>): number | null {
  return weightedAveragePrecision(labels, scores)(new Float64Array(labels.length).fill(1));
}

/**
 * Mean over folds of the AUC inside each. With strong shrinkage the pooled AUC measures the folds' offsets instead
 * of the ranking, so reports carry both. Null when no fold has both classes.
 */
export function withinFoldAuc(
  folds: readonly { readonly labels: ArrayLike<number>; readonly scores: ArrayLike<number> }[],
): number | null {
  const values = folds.map(({ labels, scores }) => rocAuc(labels, scores)).filter((value) => value !== null);
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? Number.NaN;
}
