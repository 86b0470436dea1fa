import { openSession, type Session, type Tensor, type Tensors, tensor } from '@xvision/engines';
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

  /** One pass over `order` in batches; blocks the calling thread while it computes. */
  async epoch(
    problem: BoundProblem,
    state: DualState,
    { order, batchSize }: { order: Int32Array; batchSize: number },
  ): Promise<{ state: DualState; loss: number }> {
    const losses: number[] = [];
    let current = state;
    for (const batches of batchesOf(order, batchSize)) {
      const feeds = { ...problem.feeds, ...stateTensors(problem.shape, current, this.kind), batches };
      const results = await this.#step.run(feeds);
      current = Object.fromEntries(Object.keys(current).map((name) => [name, floatsOf(results, `next.${name}`)]));
      losses.push(...floatsOf(results, 'losses'));
    }
    return { state: current, loss: losses.reduce((sum, loss) => sum + loss, 0) / losses.length };
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

/** Full batches as one tensor, then the shorter last one. A last batch of one image has no moments and is skipped. */
function batchesOf(order: Int32Array, batchSize: number): Tensor[] {
  const steps = Math.floor(order.length / batchSize);
  const full = order.subarray(0, steps * batchSize);
  const rest = order.subarray(steps * batchSize);
  const batches: Tensor[] = [];
  if (steps > 0) batches.push(tensor('int64', [steps, batchSize], BigInt64Array.from(full, BigInt)));
  if (rest.length > 1) batches.push(tensor('int64', [1, rest.length], BigInt64Array.from(rest, BigInt)));
  return batches;
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
