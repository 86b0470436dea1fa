import { HIDDEN, PARAMETER_NAMES } from '../heads/dual-state.js';
import type { DeferredTensor, SavedArray } from '../saved/safetensors.js';
import type { TrainJob, TrainOutcome } from './messages.js';
import { kernelBlocks, type NetworkKey } from './products.js';
import { type SharedRows, sharedRows } from './shared-rows.js';
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
  await run.prepare();
  const repeats = [...new Set([0, ...request.plan.folds.map(({ repeat }) => repeat)])];
  const scores: TestScores[] = [];
  let delivered: TrainOutcome[] = [];
  for (const repeat of repeats) {
    const projections = await run.project(repeat);
    const deliver = repeat === 0 ? run.deliver(projections) : Promise.resolve([]);
    const folds = request.plan.folds.filter((fold) => fold.repeat === repeat);
    const [first, ...rest] = await Promise.all([deliver, ...folds.map((fold) => run.fold(fold, projections))]);
    if (repeat === 0) delivered = first;
    scores.push(...rest);
  }
  if (request.plan.delivered.test.length > 0) {
    const { test } = request.plan.delivered;
    scores.push({ repeat: 0, fold: 0, test, probabilities: average(delivered) });
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
  readonly #kernel: SharedRows;
  readonly #members: readonly number[];
  readonly #total: number;
  #done = 0;

  constructor(pool: TrainingJobs, request: TrainingRequest, hooks: TrainingHooks) {
    this.#pool = pool;
    this.#request = request;
    this.#hooks = hooks;
    this.#kernel = sharedRows(request.rows.count, request.rows.count);
    this.#members = Array.from({ length: membersOf(request.settings.head) }, (_, member) => member);
    this.#total = this.#members.length * (request.plan.folds.length + 1);
  }

  /** The kernel, once for all networks. */
  async prepare(): Promise<void> {
    const { rows } = this.#request;
    const kernel = this.#kernel;
    await Promise.all(kernelBlocks(rows.count).map((pair) => this.#pool.run({ kind: 'gram', rows, kernel, pair })));
  }

  /** The projections of a repeat, by member. */
  project(repeat: number): Promise<SharedRows[]> {
    const { rows } = this.#request;
    return Promise.all(
      this.#members.map(async (member) => {
        const projection = sharedRows(rows.count, HIDDEN);
        await this.#pool.run({ kind: 'project', rows, projection, key: this.#key(repeat, member) });
        return projection;
      }),
    );
  }

  deliver(projections: readonly SharedRows[]): Promise<TrainOutcome[]> {
    const { resume, onEpoch } = this.#hooks;
    return Promise.all(
      projections.map(async (projection, member) => {
        const job = this.#job(this.#request.plan.delivered, { projection, key: this.#key(0, member), fold: DELIVERED });
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

  async fold(plan: FoldPlan, projections: readonly SharedRows[]): Promise<TestScores> {
    const outcomes = await Promise.all(
      projections.map(async (projection, member) => {
        const key = this.#key(plan.repeat, member);
        const outcome = await this.#pool.run(this.#job(plan, { projection, key, fold: plan.fold }));
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
        values: () =>
          this.#pool.run({
            kind: 'first-layer',
            rows,
            key: this.#key(0, member),
            span: spread(state.parameters['span'], plan.delivered, rows.count),
            scale: state.parameters['scale']?.[0] ?? 1,
          }),
      },
      ...parts.map((part): DeferredTensor => {
        return { name: name(part), dims: dims(part), type: 'F32', values: () => small[part] ?? new Float32Array() };
      }),
    ];
  }

  #key(repeat: number, member: number): NetworkKey {
    return { seed: this.#request.settings.seed, repeat, member };
  }

  #job(
    { train, test }: TrainingSets,
    { projection, key, fold }: { projection: SharedRows; key: NetworkKey; fold: number },
  ): TrainJob {
    const { labels, classes, settings } = this.#request;
    const { epochs, batchSize } = settings;
    const data = { kernel: this.#kernel, projection, labels, classes, train, test };
    return { kind: 'train', ...data, key, fold, epochs, batchSize, settings, from: null, reportEpochs: false };
  }

  #count(): void {
    this.#done += 1;
    this.#hooks.onProgress?.(this.#done, this.#total);
  }
}

/** The span's rows at their places among all rows. */
function spread(span: Float32Array | undefined, { train }: TrainingSets, count: number): Float32Array {
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
