import { NEVER_TESTED } from '../splits/assign-folds.js';

/** Which rows a network is trained on and which it is tested on, by their place. */
export interface TrainingSets {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

export interface FoldPlan extends TrainingSets {
  readonly repeat: number;
  readonly fold: number;
}

/** The networks of a run: those of the folds, and the one that is delivered. */
export interface TrainingPlan {
  readonly folds: readonly FoldPlan[];
  /** Trained on everything under cross-validation (and then tested by the folds only), else on the training part; null where only the folds are wanted. */
  readonly delivered: TrainingSets | null;
}

/** The plan behind fold assignments, one per repeat. */
export function planOf(assignments: readonly ArrayLike<number>[]): TrainingPlan {
  const [first] = assignments;
  if (first === undefined) throw new RangeError('a plan needs at least one repeat');
  const everyone = Int32Array.from({ length: first.length }, (_, index) => index);
  const isHoldOut = Array.from(first).includes(NEVER_TESTED);
  if (isHoldOut) {
    const side = (tested: boolean): Int32Array => everyone.filter((i) => (first[i] !== NEVER_TESTED) === tested);
    return { folds: [], delivered: { train: side(false), test: side(true) } };
  }
  const folds = assignments.flatMap((folded, repeat) =>
    [...new Set(Array.from(folded))]
      .sort((left, right) => left - right)
      .map((fold): FoldPlan => {
        const test = everyone.filter((index) => folded[index] === fold);
        return { repeat, fold, train: everyone.filter((index) => folded[index] !== fold), test };
      }),
  );
  return { folds, delivered: { train: everyone, test: new Int32Array(0) } };
}
