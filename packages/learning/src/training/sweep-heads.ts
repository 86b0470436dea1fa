import { UnfitDatasetError } from '../splits/dataset-errors.js';
import { SharedProducts } from './shared-products.js';
import { trainHead } from './train-head.js';
import type { FoldPlan } from './training-plan.js';
import type { TrainingPool } from './training-pool.js';
import type { HeadSettings, TestScores, TrainingRequest } from './training-request.js';

export interface SweepRequest extends Pick<TrainingRequest, 'rows' | 'labels' | 'classes' | 'form'> {
  /** The fold in which each row is tested; no row may be untested. */
  readonly folds: ArrayLike<number>;
  readonly settings: readonly HeadSettings[];
  /** How good probabilities [n, classes] are for these labels; higher is better. The choice is made by it. */
  readonly merit: (labels: Int32Array, probabilities: Float64Array) => number;
}

export interface SweepHooks {
  /** Scores that an earlier, broken-off sweep left behind. */
  readonly recall?: (setting: number, fold: FoldPlan) => Promise<TestScores | undefined>;
  /** Called with the scores of each trained fold, before the sweep goes on. */
  readonly keep?: (setting: number, scores: TestScores) => Promise<void>;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

export interface SweepResult {
  /** Mean inner merit of each of the settings, in their order. */
  readonly merits: readonly number[];
  /** For each fold the setting that was chosen without it. */
  readonly chosen: readonly number[];
  /** Out-of-fold scores under those choices: what the whole procedure, choice included, can be expected to do. */
  readonly nested: readonly TestScores[];
  /** The setting with the best mean inner merit: what to train the delivered model with. */
  readonly best: number;
}

/**
 * Tries many settings, nested: for each fold the setting is chosen by inner cross-validation over the other folds, then
 * trained on all of these and tested on the fold, so the choice never sees what it is judged by. A network that sees
 * neither of two folds serves as the inner one of both, which halves the work; all share one kernel.
 */
export async function sweepHeads(
  pool: TrainingPool,
  request: SweepRequest,
  hooks: SweepHooks = {},
): Promise<SweepResult> {
  const failing = new AbortController();
  const signal = AbortSignal.any([failing.signal, ...(hooks.signal === undefined ? [] : [hooks.signal])]);
  try {
    return await sweep(pool, request, { ...hooks, signal });
  } catch (error) {
    failing.abort(error); // what still waits is not trained in vain
    throw error;
  }
}

async function sweep(pool: TrainingPool, request: SweepRequest, hooks: SweepHooks): Promise<SweepResult> {
  const { settings } = request;
  const [first] = settings;
  if (first === undefined) throw new RangeError('a sweep needs at least one setting');
  const folds = foldsOf(request);
  const pairs = pairsOf(request, folds);
  const bench = new Bench(pool, request, { hooks, total: settings.length * pairs.length + folds.length });

  const merits = await Promise.all(
    settings.map(async (_, setting) => {
      const scores = await bench.scores(
        setting,
        pairs.map(({ plan }) => plan),
      );
      return folds.map((fold) => innerMerit(request, { fold: fold.fold, pairs, scores }));
    }),
  );
  const chosen = folds.map((_, index) => indexOfLargest(merits.map((row) => row[index] ?? Number.NEGATIVE_INFINITY)));
  const nested = await Promise.all(
    folds.map(async (fold, index) => {
      const [scores] = await bench.scores(chosen[index] ?? 0, [fold]);
      if (scores === undefined) throw new Error(`fold ${fold.fold} was not scored`);
      return scores;
    }),
  );
  const means = merits.map((row) => row.reduce((sum, merit) => sum + merit, 0) / row.length);
  return { merits: means, chosen, nested, best: indexOfLargest(means) };
}

/** Trains folds of any setting, unless they are remembered. */
class Bench {
  readonly #pool: TrainingPool;
  readonly #request: SweepRequest;
  readonly #hooks: SweepHooks;
  readonly #products: SharedProducts;
  readonly #total: number;
  #done = 0;

  constructor(pool: TrainingPool, request: SweepRequest, { hooks, total }: { hooks: SweepHooks; total: number }) {
    this.#pool = pool;
    this.#request = request;
    this.#hooks = hooks;
    this.#products = new SharedProducts(pool, request.rows);
    this.#total = total;
  }

  scores(setting: number, folds: readonly FoldPlan[]): Promise<TestScores[]> {
    return Promise.all(folds.map((fold) => this.#score(setting, fold)));
  }

  async #score(setting: number, fold: FoldPlan): Promise<TestScores> {
    const scores = (await this.#hooks.recall?.(setting, fold)) ?? (await this.#train(setting, fold));
    this.#done += 1;
    this.#hooks.onProgress?.(this.#done, this.#total);
    return scores;
  }

  async #train(setting: number, fold: FoldPlan): Promise<TestScores> {
    const { rows, labels, classes, settings, form = 'dual' } = this.#request;
    const own = settings[setting];
    if (own === undefined) throw new RangeError(`there is no setting ${setting}`);
    const plan = { folds: [fold], delivered: null };
    const request = { rows, labels, classes, plan, form, settings: own, products: this.#products };
    const { signal } = this.#hooks;
    const { scores } = await trainHead(this.#pool, request, signal === undefined ? {} : { signal });
    const [trained] = scores;
    if (trained === undefined) throw new Error(`fold ${fold.fold} of setting ${setting} was not scored`);
    await this.#hooks.keep?.(setting, trained);
    return trained;
  }
}

interface Pair {
  readonly left: number;
  readonly right: number;
  readonly plan: FoldPlan;
}

function foldsOf({ folds, rows }: SweepRequest): FoldPlan[] {
  const everyone = Int32Array.from({ length: rows.count }, (_, index) => index);
  const numbers = [...new Set(Array.from(folds))].sort((left, right) => left - right);
  if (numbers.length < 3 || (numbers[0] ?? -1) < 0) {
    throw new UnfitDatasetError('a nested sweep needs a cross-validation of at least 3 folds, every image tested once');
  }
  return numbers.map((fold) => {
    const test = everyone.filter((index) => folds[index] === fold);
    return { repeat: 0, fold, train: everyone.filter((index) => folds[index] !== fold), test };
  });
}

/** One plan for each two folds: neither is trained on, both are scored. Numbered after the folds themselves. */
function pairsOf({ folds }: SweepRequest, plans: readonly FoldPlan[]): Pair[] {
  const pairs = plans.flatMap((left, i) => plans.slice(i + 1).map((right) => [left, right] as const));
  return pairs.map(([left, right], index) => ({
    left: left.fold,
    right: right.fold,
    plan: {
      repeat: 0,
      fold: plans.length + index,
      train: left.train.filter((place) => folds[place] !== right.fold),
      test: Int32Array.of(...left.test, ...right.test),
    },
  }));
}

/** Mean merit of the other folds, each scored by networks that saw neither it nor `fold`. */
function innerMerit(
  { folds, labels, classes, merit }: SweepRequest,
  { fold, pairs, scores }: { fold: number; pairs: readonly Pair[]; scores: readonly TestScores[] },
): number {
  const merits = pairs.flatMap(({ left, right }, index) => {
    if (left !== fold && right !== fold) return [];
    const inner = left === fold ? right : left;
    const { test, probabilities } = scores[index] ?? { test: new Int32Array(), probabilities: new Float64Array() };
    const own = [...test.keys()].filter((row) => folds[test[row] ?? 0] === inner);
    const values = own.flatMap((row) => [...probabilities.subarray(row * classes, (row + 1) * classes)]);
    return [
      merit(
        Int32Array.from(own, (row) => labels[test[row] ?? 0] ?? 0),
        Float64Array.from(values),
      ),
    ];
  });
  return merits.reduce((sum, value) => sum + value, 0) / merits.length;
}

/** The first of equals, so that the order of the settings decides ties. */
function indexOfLargest(values: readonly number[]): number {
  return values.reduce((best, value, index) => (value > (values[best] ?? Number.NEGATIVE_INFINITY) ? index : best), 0);
}
