import { type OpenedTensorLibrary, openTensorLibrary, type TensorLibrary, type TfTensor } from '@xvision/engines';
import { DECAYED_LAYERS, type OrdinaryName, type OrdinaryShape, ordinaryLayout } from './ordinary-state.js';
import { differentiateStep, normalise, type StepTensors } from './ordinary-step.js';
import type { SgdSettings, TrainingMoments } from './training-settings.js';

/** Rows multiplied with the first layer at a time when a network is finished. */
const ROWS_AT_ONCE = 256;

export type OrdinaryState = Readonly<Record<string, Float32Array>>;

/** What a network learns from, in the order of its training set. */
export interface OrdinaryProblem {
  readonly shape: OrdinaryShape;
  readonly images: number;
  /** The feature rows of these images, [indices, inputs]. */
  readonly rows: (indices: Int32Array) => Float32Array;
  readonly labels: Int32Array;
  readonly settings: SgdSettings;
}

/**
 * SGD as a textbook has it, on TensorFlow.js in float32: every step multiplies the batch with the whole first layer and
 * moves all of it. For data whose products with each other do not fit into memory, and as the check of the dual form.
 */
export class OrdinaryEngine {
  readonly #tf: TensorLibrary;
  readonly library: string;

  private constructor({ tf, library }: OpenedTensorLibrary) {
    this.#tf = tf;
    this.library = library;
  }

  static async open(options: { nativeModules?: string } = {}): Promise<OrdinaryEngine> {
    return new OrdinaryEngine(await openTensorLibrary(options));
  }

  /** One pass over `order` in batches; blocks the calling thread while it computes. */
  epoch(
    problem: OrdinaryProblem,
    state: OrdinaryState,
    { order, batchSize }: { order: Int32Array; batchSize: number },
  ): { state: OrdinaryState; loss: number } {
    const losses: number[] = [];
    let current = this.#load(problem.shape, state);
    for (let start = 0; start < order.length; start += batchSize) {
      const batch = order.subarray(start, start + batchSize);
      if (batch.length === 1) continue; // has no moments, see docs/decisions/0051
      const { loss, ...next } = this.#tf.tidy(() => this.#step(problem, current, batch));
      dispose(current);
      current = next;
      losses.push(...(loss === undefined ? [] : numbersOf(loss)));
      loss?.dispose();
    }
    const done = Object.fromEntries(Object.entries(current).map(([name, tensor]) => [name, numbersOf(tensor)]));
    dispose(current);
    return { state: done, loss: losses.reduce((sum, loss) => sum + loss, 0) / losses.length };
  }

  /** Moments of the training set, and the probabilities [tested, classes] of other rows under them. */
  finish(
    problem: OrdinaryProblem,
    state: OrdinaryState,
    tested: { readonly count: number; readonly rows: OrdinaryProblem['rows'] },
  ): { moments: TrainingMoments; probabilities: Float32Array } {
    const tf = this.#tf;
    const results = tf.tidy(() => {
      const at = this.#load(problem.shape, state);
      const read = (name: OrdinaryName): TfTensor => tensorOf(at, name);
      const firstSums = this.#sums(at, { count: problem.images, rows: problem.rows });
      const first = normalise(tf, firstSums, { gain: read('firstGain'), shift: read('firstShift') });
      const secondSums = tf.matMul(first.output, read('secondWeights'));
      const second = normalise(tf, secondSums, { gain: read('secondGain'), shift: read('secondShift') });
      const testFirst = normalise(tf, this.#sums(at, tested), {
        ...first,
        gain: read('firstGain'),
        shift: read('firstShift'),
      });
      const testSecond = normalise(tf, tf.matMul(testFirst.output, read('secondWeights')), {
        ...second,
        gain: read('secondGain'),
        shift: read('secondShift'),
      });
      const logits = tf.add(tf.matMul(testSecond.output, read('outputWeights')), read('outputBias'));
      return {
        firstMean: first.mean,
        firstVariance: first.variance,
        secondMean: second.mean,
        secondVariance: second.variance,
        probabilities: tf.softmax(logits),
      };
    });
    const { probabilities, ...moments } = results;
    const answer = {
      moments: {
        firstMean: numbersOf(moments.firstMean),
        firstVariance: numbersOf(moments.firstVariance),
        secondMean: numbersOf(moments.secondMean),
        secondVariance: numbersOf(moments.secondVariance),
      },
      probabilities: numbersOf(probabilities),
    };
    dispose(results);
    return answer;
  }

  /** v ← momentum · v + g + decay · p; p ← p - rate · v. Without momentum there is no v to keep. */
  #step({ shape, rows, labels, settings }: OrdinaryProblem, at: StepTensors, batch: Int32Array): StepTensors {
    const tf = this.#tf;
    const targets = new Float32Array(batch.length * shape.classes);
    batch.forEach((image, row) => {
      targets[row * shape.classes + (labels[image] ?? 0)] = 1;
    });
    const data = {
      inputs: tf.tensor(rows(batch), [batch.length, shape.inputs], 'float32'),
      targets: tf.tensor(targets, [batch.length, shape.classes], 'float32'),
    };
    const { loss, gradients } = differentiateStep(tf, at, data);
    const next: StepTensors = { loss };
    for (const [name, gradient] of Object.entries(gradients)) {
      const weights = tensorOf(at, name);
      const decays = settings.weightDecay !== 0 && DECAYED_LAYERS.has(name);
      let velocity = decays ? tf.add(gradient, tf.mul(weights, settings.weightDecay)) : gradient;
      if (settings.momentum !== 0) {
        velocity = tf.add(velocity, tf.mul(tensorOf(at, `velocity.${name}`), settings.momentum));
        next[`velocity.${name}`] = velocity;
      }
      next[name] = tf.sub(weights, tf.mul(velocity, settings.learningRate));
    }
    return next;
  }

  /** The sums of the first layer of some rows, [count, hidden]. */
  #sums(
    at: StepTensors,
    { count, rows }: { readonly count: number; readonly rows: OrdinaryProblem['rows'] },
  ): TfTensor {
    const weights = tensorOf(at, 'firstWeights');
    const parts: TfTensor[] = [];
    for (let start = 0; start < count; start += ROWS_AT_ONCE) {
      const size = Math.min(ROWS_AT_ONCE, count - start);
      const indices = Int32Array.from({ length: size }, (_, index) => start + index);
      const block = this.#tf.tensor(rows(indices), [size, weights.shape[0] ?? 0], 'float32');
      parts.push(this.#tf.matMul(block, weights));
      block.dispose();
    }
    return this.#tf.concat(parts, 0);
  }

  #load(shape: OrdinaryShape, state: OrdinaryState): StepTensors {
    const dims = new Map(ordinaryLayout(shape).map((one) => [one.name as string, one.dims]));
    return Object.fromEntries(
      Object.entries(state).map(([name, values]) => {
        const size = dims.get(name.replace(/^velocity\./, ''));
        if (size === undefined) throw new Error(`the training state has an unknown "${name}"`);
        return [name, this.#tf.tensor(values, [...size], 'float32')];
      }),
    );
  }
}

function tensorOf(at: StepTensors, name: string): TfTensor {
  const found = at[name];
  if (found === undefined) throw new Error(`the training state has no "${name}"`);
  return found;
}

/** A copy: the library may hand out memory that it goes on to use. */
function numbersOf(tensor: TfTensor): Float32Array {
  return Float32Array.from(tensor.dataSync());
}

function dispose(tensors: Readonly<Record<string, TfTensor>>): void {
  for (const tensor of Object.values(tensors)) tensor.dispose();
}
