import { HIDDEN, type StepKind } from '../heads/dual-state.js';
import { DualEngine, stepKindOf } from '../heads/dual-training.js';
import { OrdinaryEngine } from '../heads/ordinary-training.js';
import { DivergedError } from '../heads/training-settings.js';
import { fitLogistic, scoreLogisticAt } from '../logistic/logistic-head.js';
import { dualNetwork } from './dual-network.js';
import { imageOrder } from './image-order.js';
import type { Job, LogisticJob, LogisticOutcome, Outcomes, TrainingState, TrainJob, TrainOutcome } from './messages.js';
import type { NetworkTraining } from './network-training.js';
import { ordinaryNetwork } from './ordinary-network.js';
import { Products } from './products.js';

/** Called after every epoch; training waits for it. */
export type OnEpoch = (state: TrainingState) => Promise<void>;

interface RunnerOptions {
  readonly stopped?: () => boolean;
  readonly nativeModules?: string | undefined;
}

/** Does the jobs of one thread; keeps the sessions that it opened. */
export class JobRunner implements AsyncDisposable {
  readonly #stopped: () => boolean;
  readonly #libraries: { readonly nativeModules?: string };
  readonly #engines = new Map<string, Promise<DualEngine>>();
  #ordinary: Promise<OrdinaryEngine> | undefined;
  #products: Promise<Products> | undefined;

  constructor({ stopped = () => false, nativeModules }: RunnerOptions = {}) {
    this.#stopped = stopped;
    this.#libraries = nativeModules === undefined ? {} : { nativeModules };
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
    const network = await this.#network(job);
    let state = job.from ?? { epoch: 0, losses: [], parameters: network.start() };
    while (state.epoch < job.epochs) {
      if (this.#stopped()) throw new Error('the training pool was closed');
      const { epoch: done } = state;
      const stretch = Math.min(epochsAtOnce(job), job.epochs - done);
      const orders = Array.from({ length: stretch }, (_, step) => {
        return imageOrder({ ...job, count: job.train.length }, done + step + 1);
      });
      const { parameters, losses } = await network.epochs(state.parameters, { orders, batchSize: job.batchSize });
      losses.forEach((loss, step) => {
        assertFinite(job, { epoch: done + step + 1, loss, values: [loss] });
      });
      state = { epoch: done + stretch, losses: [...state.losses, ...losses], parameters };
      if (job.reportEpochs) await onEpoch(state);
    }
    assertLearned(job, state);
    const tested = job.test.length > 0 ? job.test : job.train.subarray(0, 1);
    const { moments, probabilities } = await network.finish(state.parameters, tested);
    assertFinite(job, { epoch: state.epoch, loss: state.losses.at(-1) ?? Number.NaN, values: probabilities });
    const scored = job.test.length > 0 ? Float64Array.from(probabilities) : new Float64Array(0);
    return { state: job.fold < 0 ? state : { ...state, parameters: {} }, moments, probabilities: scored };
  }

  async #network(job: TrainJob): Promise<NetworkTraining> {
    if (job.data.form === 'dual') {
      return dualNetwork(await this.#engine(job.classes, stepKindOf(job.settings)), job, job.data);
    }
    this.#ordinary ??= OrdinaryEngine.open(this.#libraries);
    return ordinaryNetwork(await this.#ordinary, job, job.data);
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

  #engine(classes: number, kind: StepKind): Promise<DualEngine> {
    const key = `${classes} ${kind}`;
    const opened = this.#engines.get(key) ?? DualEngine.open({ hidden: HIDDEN, classes, kind, precision: 'float32' });
    this.#engines.set(key, opened);
    return opened;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#products !== undefined) await (await this.#products)[Symbol.asyncDispose]();
    for (const engine of this.#engines.values()) await (await engine)[Symbol.asyncDispose]();
  }
}

/** A second or so of steps, after which a thread looks whether it is to stop. */
const STEPS_AT_ONCE = 1000;

/** As many epochs as nobody wants to see between. */
function epochsAtOnce({ data, reportEpochs, train, batchSize }: TrainJob): number {
  if (reportEpochs || data.form === 'ordinary') return 1;
  return Math.max(1, Math.floor(STEPS_AT_ONCE / Math.ceil(train.length / batchSize)));
}

function assertFinite(
  job: TrainJob,
  { epoch, loss, values }: { epoch: number; loss: number; values: Iterable<number> },
): void {
  for (const value of values) {
    if (Number.isFinite(value)) continue;
    throw diverged(job, { epoch, loss });
  }
}

/** As far above the loss of a guess as this, a network is sure of what is wrong: it went astray, even if in numbers. */
const ASTRAY = 10;

function assertLearned(job: TrainJob, { epoch, losses }: TrainingState): void {
  const loss = losses.at(-1) ?? 0;
  if (loss > ASTRAY * Math.log(job.classes)) throw diverged(job, { epoch, loss });
}

function diverged(
  { fold, key, settings, classes }: TrainJob,
  { epoch, loss }: { epoch: number; loss: number },
): DivergedError {
  const where = fold < 0 ? 'the delivered model' : `repeat ${key.repeat}, fold ${fold}`;
  const than = Number.isFinite(loss) ? `, where a guess has ${Math.log(classes).toFixed(2)}` : '';
  const advice = settings.momentum === 0 ? '' : ', or less momentum';
  return new DivergedError(
    `training diverged: the loss is ${loss} after epoch ${epoch}${than} (${where}, network ${key.member}). ` +
      `Use a learning rate below ${settings.learningRate}${advice}.`,
  );
}
