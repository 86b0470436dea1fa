/** Counts with true rows and predicted columns, as scikit-learn writes them. */
export type Confusion = readonly (readonly number[])[];

/** The most probable class; of equals the later one, so a two-class score of exactly .5 is positive. */
export function predictedClass(probabilities: readonly number[]): number {
  let best = 0;
  for (const [index, value] of probabilities.entries()) {
    if (value >= (probabilities[best] ?? Number.NEGATIVE_INFINITY)) best = index;
  }
  return best;
}

/** Predictions of a two-class score: positive (1) at or above the threshold. */
export function thresholded(scores: ArrayLike<number>, threshold: number): number[] {
  return Array.from(scores, (score) => (score >= threshold ? 1 : 0));
}

/** Throws when a label or prediction is not one of the classes. */
export function confusionMatrix(labels: ArrayLike<number>, predicted: ArrayLike<number>, classes: number): number[][] {
  const matrix = Array.from({ length: classes }, () => Array.from({ length: classes }, () => 0));
  for (let i = 0; i < labels.length; i += 1) {
    const truth = labels[i] ?? -1;
    const guess = predicted[i] ?? -1;
    const row = matrix[truth];
    const count = row?.[guess];
    if (row === undefined || count === undefined) {
      throw new RangeError(`image ${i}: class ${truth} predicted as ${guess}, but there are ${classes} classes`);
    }
    row[guess] = count + 1;
  }
  return matrix;
}

/** What a confusion matrix alone says; null where a denominator is empty. */
export interface ClassificationSummary {
  readonly accuracy: number | null;
  readonly balancedAccuracy: number | null;
  readonly macroF1: number | null;
  readonly weightedF1: number | null;
  /** Matthews correlation, in Gorodkin's form for any number of classes. */
  readonly matthews: number | null;
  /** Cohen's kappa. */
  readonly kappa: number | null;
  readonly perClass: readonly {
    readonly precision: number | null;
    readonly recall: number | null;
    readonly f1: number | null;
    readonly support: number;
  }[];
}

/** Every summary of a confusion matrix that scikit-learn's report gives, without its zeros for what is undefined. */
export function summarise(confusion: Confusion): ClassificationSummary {
  const rows = confusion.map(sum);
  const columns = confusion.map((_, k) => sum(confusion.map((row) => row[k] ?? 0)));
  const diagonal = confusion.map((row, k) => row[k] ?? 0);
  const total = sum(rows);
  const perClass = confusion.map((_, k) => {
    const hits = diagonal[k] ?? 0;
    const support = rows[k] ?? 0;
    const called = columns[k] ?? 0;
    return {
      precision: ratio(hits, called),
      recall: ratio(hits, support),
      f1: ratio(2 * hits, support + called),
      support,
    };
  });
  const expected = sum(rows.map((row, k) => row * (columns[k] ?? 0)));
  const spread = Math.sqrt((total * total - sum(rows.map(square))) * (total * total - sum(columns.map(square))));
  return {
    accuracy: ratio(sum(diagonal), total),
    balancedAccuracy: meanOrNull(perClass.map((one) => one.recall)),
    macroF1: meanOrNull(perClass.map((one) => one.f1)),
    weightedF1: weightedF1(perClass, total),
    matthews: ratio(total * sum(diagonal) - expected, spread),
    kappa: ratio(total * sum(diagonal) - expected, total * total - expected),
    perClass,
  };
}

function weightedF1(perClass: ClassificationSummary['perClass'], total: number): number | null {
  // A class without images has no weight, so its undefined F1 does not matter.
  const present = perClass.filter((one) => one.support > 0);
  return ratio(sum(present.map((one) => (one.f1 ?? 0) * one.support)), total);
}

function meanOrNull(values: readonly (number | null)[]): number | null {
  const defined = values.filter((value) => value !== null);
  return defined.length === values.length ? ratio(sum(defined), defined.length) : null;
}

function ratio(numerator: number, denominator: number): number | null {
  return denominator === 0 ? null : numerator / denominator;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function square(value: number): number {
  return value * value;
}
