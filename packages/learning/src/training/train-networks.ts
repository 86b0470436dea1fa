import { HIDDEN, PARAMETER_NAMES } from '../heads/dual-state.js';
import type { DeferredTensor, SavedArray } from '../saved/safetensors.js';
import type { NetworkKey } from './initial-layers.js';
import type { TrainJob, TrainOutcome } from './messages.js';
import { SharedProducts } from './shared-products.js';
import type { FoldPlan, TrainingSets } from './training-plan.js';
import type { TrainingJobs } from './training-pool.js';
import {
  membersOf,
  type TestScores,
  type TrainedHead,
  type TrainingHooks,
  type TrainingRequest,
} from './training-request.js';

/** The delivered model's place among the folds. */
const DELIVERED = -1;

/** Every network of a run. All share one kernel; those of one repeat and member share their initial weights. */
export async function trainNetworks(
  pool: TrainingJobs,
  request: TrainingRequest,
  hooks: TrainingHooks,
): Promise<TrainedHead> {
  const run = new NetworkRun(pool, request, hooks);
  const { folds, delivered: sets } = request.plan;
  const repeats = [...new Set([0, ...folds.map(({ repeat }) => repeat)])];
  const scores: TestScores[] = [];
  let delivered: TrainOutcome[] = [];
  for (const repeat of repeats) {
    const deliver = repeat === 0 && sets !== null ? run.deliver(sets) : Promise.resolve([]);
    const own = folds.filter((fold) => fold.repeat === repeat);
    const [first, ...rest] = await Promise.all([deliver, ...own.map((fold) => run.fold(fold))]);
    if (repeat === 0) delivered = first;
    scores.push(...rest);
    run.endRepeat();
  }
  if (sets !== null && sets.test.length > 0) {
    scores.push({ repeat: 0, fold: 0, test: sets.test, probabilities: average(delivered) });
  }
  return {
    scores,
    losses: delivered.map(({ state }) => state.losses),
    tensors: delivered.flatMap((outcome, member) => run.tensors(outcome, member)),
  };
}

class NetworkRun {
  readonly #pool: TrainingJobs;
  readonly #request: TrainingRequest;
  readonly #hooks: TrainingHooks;
  readonly #products: SharedProducts;
  readonly #members: readonly number[];
  readonly #total: number;
  #done = 0;

  constructor(pool: TrainingJobs, request: TrainingRequest, hooks: TrainingHooks) {
    this.#pool = pool;
    this.#request = request;
    this.#hooks = hooks;
    this.#products = request.products ?? new SharedProducts(pool, request.rows);
    this.#members = Array.from({ length: membersOf(request.settings.head) }, (_, member) => member);
    this.#total = this.#members.length * (request.plan.folds.length + (request.plan.delivered === null ? 0 : 1));
  }

  /** Projections of another repeat are others: those of this one make room, unless they are shared. */
  endRepeat(): void {
    if (this.#request.products === undefined) this.#products.releaseProjections();
  }

  deliver(sets: TrainingSets): Promise<TrainOutcome[]> {
    const { resume, onEpoch } = this.#hooks;
    return Promise.all(
      this.#members.map(async (member) => {
        const job = await this.#job(sets, { key: this.#key(0, member), fold: DELIVERED });
        const from = (await resume?.(member)) ?? null;
        const report = async (state: TrainOutcome['state']): Promise<void> => onEpoch?.(member, state);
        const outcome = await this.#pool.run(
          { ...job, from, reportEpochs: onEpoch !== undefined },
          { onEpoch: report },
        );
        this.#count();
        return outcome;
      }),
    );
  }

  async fold(plan: FoldPlan): Promise<TestScores> {
    const outcomes = await Promise.all(
      this.#members.map(async (member) => {
        const key = this.#key(plan.repeat, member);
        const outcome = await this.#pool.run(await this.#job(plan, { key, fold: plan.fold }));
        this.#hooks.onFold?.(plan, member, outcome.state.losses);
        this.#count();
        return outcome;
      }),
    );
    return { repeat: plan.repeat, fold: plan.fold, test: plan.test, probabilities: average(outcomes) };
  }

  /** A member of the delivered model in its ordinary form; its first layer is computed when it is written. */
  tensors({ state, moments }: TrainOutcome, member: number): DeferredTensor[] {
    const { rows, classes, plan } = this.#request;
    const name = (part: string): string => `member.${member}.${part}`;
    const dims = (part: string): number[] => {
      if (part === 'outputWeights') return [HIDDEN, classes];
      if (part === 'outputBias') return [classes];
      return part === 'secondWeights' ? [HIDDEN, HIDDEN] : [HIDDEN];
    };
    const small: Record<string, SavedArray> = { ...state.parameters, ...moments };
    const parts = [...PARAMETER_NAMES.filter((part) => part !== 'span'), ...Object.keys(moments).sort()];
    return [
      {
        name: name('firstWeights'),
        dims: [rows.width, HIDDEN],
        type: 'F32',
        pieces: () => {
          const { firstWeights, span, scale } = state.parameters;
          if (firstWeights !== undefined) return [firstWeights];
          return this.#pool.run({
            kind: 'first-layer',
            rows,
            key: this.#key(0, member),
            span: spread(span, plan.delivered?.train ?? new Int32Array(), rows.count),
            scale: scale?.[0] ?? 1,
          });
        },
      },
      ...parts.map((part): DeferredTensor => {
        return { name: name(part), dims: dims(part), type: 'F32', pieces: () => [small[part] ?? new Float32Array()] };
      }),
    ];
  }

  #key(repeat: number, member: number): NetworkKey {
    return { seed: this.#request.settings.seed, repeat, member };
  }

  async #job(
    { train, test }: TrainingSets,
    { key, fold }: { readonly key: NetworkKey; readonly fold: number },
  ): Promise<TrainJob> {
    const { labels, classes, settings } = this.#request;
    const { epochs, batchSize, order = 'shuffled' } = settings;
    const given = { data: await this.#data(key), labels, classes, train, test };
    return { kind: 'train', ...given, key, fold, epochs, batchSize, order, settings, from: null, reportEpochs: false };
  }

  async #data(key: NetworkKey): Promise<TrainJob['data']> {
    const { form, rows } = this.#request;
    if (form === 'ordinary') return { form, rows };
    const [kernel, projection] = await Promise.all([this.#products.kernel(), this.#products.projection(key)]);
    return { form: 'dual', kernel, projection };
  }

  #count(): void {
    this.#done += 1;
    this.#hooks.onProgress?.(this.#done, this.#total);
  }
}

/** The span's rows at their places among all rows. */
function spread(span: Float32Array | undefined, train: Int32Array, count: number): Float32Array {
  const all = new Float32Array(count * HIDDEN);
  train.forEach((place, row) => {
    all.set(span?.subarray(row * HIDDEN, (row + 1) * HIDDEN) ?? [], place * HIDDEN);
  });
  return all;
}

function average(outcomes: readonly TrainOutcome[]): Float64Array {
  const sum = new Float64Array(outcomes[0]?.probabilities.length ?? 0);
  for (const { probabilities } of outcomes) {
    probabilities.forEach((value, index) => {
      sum[index] = (sum[index] ?? 0) + value / outcomes.length;
    });
  }
  return sum;
}
