import { openSession, type Session, type Tensor, type Tensors } from '@xvision/engines';
import { batchesOf } from './dual-batches.js';
import { dualGraph } from './dual-graph.js';
import {
  type DualShape,
  type DualState,
  dimsOf,
  PARAMETER_NAMES,
  SCALE,
  type StepKind,
  stateLayout,
} from './dual-state.js';
import { dualInferenceGraph } from './inference-graph.js';
import { type Floats, floatsOf, floatTensor, type Precision } from './precision.js';
import type { SgdSettings, TrainingMoments } from './training-settings.js';

/** Training rows only through their products: kernel = X X^T, projection = X W1_0. */
export interface DualProblem {
  readonly kernel: Floats;
  readonly projection: Floats;
  /** Class of each row. */
  readonly labels: Int32Array;
}

export interface TestProducts {
  /** Test rows times training rows, [m, n]. */
  readonly kernel: Floats;
  /** Test rows times W1_0, [m, hidden]. */
  readonly projection: Floats;
}

/** The sessions of one kind of network; opened once per thread, used for any data. */
export class DualEngine implements AsyncDisposable {
  readonly #step: Session;
  readonly #inference: Session;
  readonly kind: StepKind;
  readonly precision: Precision;

  private constructor(sessions: { step: Session; inference: Session }, made: { kind: StepKind; precision: Precision }) {
    this.#step = sessions.step;
    this.#inference = sessions.inference;
    this.kind = made.kind;
    this.precision = made.precision;
  }

  static async open(made: {
    hidden: number;
    classes: number;
    kind: StepKind;
    precision: Precision;
  }): Promise<DualEngine> {
    const step = await openSession(dualGraph(made));
    const inference = await openSession(dualInferenceGraph(made));
    return new DualEngine({ step, inference }, made);
  }

  /** A pass over each order in batches, with its mean loss; blocks the calling thread while it computes. */
  async epochs(
    problem: BoundProblem,
    state: DualState,
    { orders, batchSize }: { orders: readonly Int32Array[]; batchSize: number },
  ): Promise<{ state: DualState; losses: number[] }> {
    const feeds = {
      ...problem.feeds,
      ...stateTensors(problem.shape, state, this.kind),
      ...batchesOf(orders, batchSize),
    };
    const results = await this.#step.run(feeds);
    const ofBatches = floatsOf(results, 'losses');
    const steps = ofBatches.length / orders.length;
    return {
      state: Object.fromEntries(Object.keys(state).map((name) => [name, floatsOf(results, `next.${name}`)])),
      losses: orders.map((_, epoch) => meanOf(ofBatches.subarray(epoch * steps, (epoch + 1) * steps))),
    };
  }

  /** Moments of the training set, and the probabilities [m, classes] of test rows under them. */
  async finish(
    problem: BoundProblem,
    state: DualState,
    test: TestProducts,
  ): Promise<{ moments: TrainingMoments; probabilities: Floats }> {
    const { shape, feeds } = problem;
    const tested = test.projection.length / shape.hidden;
    const parameters = Object.fromEntries(
      PARAMETER_NAMES.map((name) => [name, floatTensor(dimsOf(name, shape), valuesOf(state, name))]),
    );
    const results = await this.#inference.run({
      kernel: feeds['kernel'] as Tensor,
      projection: feeds['projection'] as Tensor,
      testKernel: floatTensor([tested, shape.images], test.kernel),
      testProjection: floatTensor([tested, shape.hidden], test.projection),
      [SCALE]: floatTensor([1], state[SCALE] ?? one(this.precision)),
      ...parameters,
    });
    return {
      moments: {
        firstMean: floatsOf(results, 'firstMean'),
        firstVariance: floatsOf(results, 'firstVariance'),
        secondMean: floatsOf(results, 'secondMean'),
        secondVariance: floatsOf(results, 'secondVariance'),
      },
      probabilities: floatsOf(results, 'probabilities'),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#step[Symbol.asyncDispose]();
    await this.#inference[Symbol.asyncDispose]();
  }
}

/** A problem with its tensors made once. */
export interface BoundProblem {
  readonly shape: DualShape;
  readonly feeds: Tensors;
}

/** Makes the constant inputs of a training. */
export function bindProblem(
  { kernel, projection, labels }: DualProblem,
  { classes, settings, precision }: { classes: number; settings: SgdSettings; precision: Precision },
): BoundProblem {
  const images = labels.length;
  const hidden = projection.length / images;
  const targets = precision === 'float32' ? new Float32Array(images * classes) : new Float64Array(images * classes);
  labels.forEach((label, row) => {
    targets[row * classes + label] = 1;
  });
  const scalar = (value: number): Tensor =>
    floatTensor([1], precision === 'float32' ? Float32Array.of(value) : Float64Array.of(value));
  return {
    shape: { images, hidden, classes },
    feeds: {
      kernel: floatTensor([images, images], kernel),
      projection: floatTensor([images, hidden], projection),
      targets: floatTensor([images, classes], targets),
      learningRate: scalar(settings.learningRate),
      momentum: scalar(settings.momentum),
      weightDecay: scalar(settings.weightDecay),
    },
  };
}

/** The cheapest step that these settings allow. */
export function stepKindOf({ momentum, weightDecay }: SgdSettings): StepKind {
  if (momentum !== 0) return 'momentum';
  return weightDecay === 0 ? 'plain' : 'decay';
}

function meanOf(values: Floats): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}

function stateTensors(shape: DualShape, state: DualState, kind: StepKind): Tensors {
  return Object.fromEntries(
    stateLayout(shape, kind).map(({ name, dims }) => [name, floatTensor(dims, valuesOf(state, name))]),
  );
}

function valuesOf(state: DualState, name: string): Floats {
  const values = state[name];
  if (values === undefined) throw new Error(`the training state has no "${name}"`);
  return values;
}

function one(precision: Precision): Floats {
  return precision === 'float32' ? Float32Array.of(1) : Float64Array.of(1);
}
