import { HIDDEN, initialState } from '../heads/dual-state.js';
import { type BoundProblem, bindProblem, DivergedError, DualEngine, needsGeneral } from '../heads/dual-training.js';
import { fitLogistic, scoreLogisticAt } from '../logistic/logistic-head.js';
import { glorotUniform } from '../random/glorot.js';
import { randomStream } from '../random/random-stream.js';
import { shuffled } from '../random/shuffle.js';
import type { Job, LogisticJob, LogisticOutcome, Outcomes, TrainingState, TrainJob, TrainOutcome } from './messages.js';
import { Products } from './products.js';
import { gatherRows, submatrix } from './shared-rows.js';

/** Called after every epoch; training waits for it. */
export type OnEpoch = (state: TrainingState) => Promise<void>;

/** Does the jobs of one thread; keeps the sessions that it opened. */
export class JobRunner implements AsyncDisposable {
  readonly #stopped: () => boolean;
  readonly #engines = new Map<string, Promise<DualEngine>>();
  #products: Promise<Products> | undefined;

  constructor(stopped: () => boolean = () => false) {
    this.#stopped = stopped;
  }

  async run(job: Job, onEpoch: OnEpoch): Promise<Outcomes[Job['kind']]> {
    switch (job.kind) {
      case 'gram':
        await (await this.#open()).gramBlock(job.rows, job.kernel, job.pair);
        return null;
      case 'project':
        await (await this.#open()).project(job.rows, job.projection, job.key);
        return null;
      case 'first-layer':
        return (await this.#open()).firstLayer(job.rows, job.key, job);
      case 'train':
        return this.#train(job, onEpoch);
      case 'logistic':
        return this.#logistic(job);
      default:
        return job satisfies never;
    }
  }

  async #train(job: TrainJob, onEpoch: OnEpoch): Promise<TrainOutcome> {
    const general = needsGeneral(job.settings);
    const engine = await this.#engine(job.classes, general);
    const problem = problemOf(job);
    let state = job.from ?? startOf(job, problem, general);
    while (state.epoch < job.epochs) {
      if (this.#stopped()) throw new Error('the training pool was closed');
      const epoch = state.epoch + 1;
      const { seed, repeat, member } = job.key;
      const order = shuffled(job.train.length, randomStream('shuffle', seed, repeat, job.fold, member, epoch));
      const done = await engine.epoch(problem, state.parameters, { order, batchSize: job.batchSize });
      assertFinite(job, { epoch, loss: done.loss, values: [done.loss] });
      state = {
        epoch,
        losses: [...state.losses, done.loss],
        parameters: done.state as Record<string, Float32Array>,
      };
      if (job.reportEpochs) await onEpoch(state);
    }
    const tested = job.test.length > 0 ? job.test : job.train.subarray(0, 1);
    const { moments, probabilities } = await engine.finish(problem, state.parameters, {
      kernel: submatrix(job.kernel, tested, job.train),
      projection: gatherRows(job.projection, tested),
    });
    assertFinite(job, { epoch: state.epoch, loss: state.losses.at(-1) ?? Number.NaN, values: probabilities });
    const scored = job.test.length > 0 ? Float64Array.from(probabilities) : new Float64Array(0);
    return { state, moments, probabilities: scored };
  }

  async #logistic({ rows, labels, classes, train, test }: LogisticJob): Promise<LogisticOutcome> {
    const products = await this.#open();
    const gram = products.gram.bind(products);
    const parameters = await fitLogistic(rows, { train, labels, classes, gram });
    const fitted = scoreLogisticAt(parameters, { rows, places: train, classes });
    const loss = train.reduce((sum, place, row) => {
      return sum - Math.log(fitted[row * classes + (labels[place] ?? 0)] ?? 0) / train.length;
    }, 0);
    return { parameters, loss, probabilities: scoreLogisticAt(parameters, { rows, places: test, classes }) };
  }

  #open(): Promise<Products> {
    this.#products ??= Products.open();
    return this.#products;
  }

  #engine(classes: number, general: boolean): Promise<DualEngine> {
    const key = `${classes} ${general}`;
    const opened =
      this.#engines.get(key) ?? DualEngine.open({ hidden: HIDDEN, classes, general, precision: 'float32' });
    this.#engines.set(key, opened);
    return opened;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#products !== undefined) await (await this.#products)[Symbol.asyncDispose]();
    for (const engine of this.#engines.values()) await (await engine)[Symbol.asyncDispose]();
  }
}

function problemOf({ kernel, projection, labels, train, classes, settings }: TrainJob): BoundProblem {
  const products = {
    kernel: submatrix(kernel, train, train),
    projection: gatherRows(projection, train),
    labels: Int32Array.from(train, (index) => labels[index] ?? 0),
  };
  return bindProblem(products, { classes, settings, precision: 'float32' });
}

function startOf({ key, classes }: TrainJob, { shape }: BoundProblem, general: boolean): TrainingState {
  const counters = [key.seed, key.repeat, key.member];
  const layers = {
    secondWeights: glorotUniform(HIDDEN, HIDDEN, randomStream('second-layer', ...counters)),
    outputWeights: glorotUniform(HIDDEN, classes, randomStream('output-layer', ...counters)),
  };
  const parameters = initialState(shape, layers, { precision: 'float32', general }) as Record<string, Float32Array>;
  return { epoch: 0, losses: [], parameters };
}

function assertFinite(
  { fold, key, settings }: TrainJob,
  { epoch, loss, values }: { epoch: number; loss: number; values: Iterable<number> },
): void {
  for (const value of values) {
    if (Number.isFinite(value)) continue;
    const where = fold < 0 ? 'the delivered model' : `repeat ${key.repeat}, fold ${fold}`;
    throw new DivergedError(
      `training diverged: the loss is ${loss} after epoch ${epoch} (${where}, network ${key.member}). ` +
        `Use a learning rate below ${settings.learningRate}, or less momentum.`,
    );
  }
}
