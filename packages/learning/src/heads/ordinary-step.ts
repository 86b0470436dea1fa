import type { TensorLibrary, TfTensor } from '@xvision/engines';
import { EPSILON } from './dual-state.js';
import type { OrdinaryName } from './ordinary-state.js';

export type StepTensors = Record<string, TfTensor>;

/** One BatchNorm with ReLU, and what its backward pass needs. */
interface Normalised {
  readonly mean: TfTensor;
  readonly variance: TfTensor;
  /** (z - mean) / deviation. */
  readonly standard: TfTensor;
  /** 1 / sqrt(variance + epsilon). */
  readonly inverse: TfTensor;
  /** After gain and shift, before ReLU. */
  readonly affine: TfTensor;
  readonly output: TfTensor;
}

/** On the (biased) moments of these sums themselves, unless others are given. */
export function normalise(
  tf: TensorLibrary,
  sums: TfTensor,
  layer: { gain: TfTensor; shift: TfTensor; mean?: TfTensor; variance?: TfTensor },
): Normalised {
  const mean = layer.mean ?? tf.mean(sums, 0);
  const centred = tf.sub(sums, mean);
  const variance = layer.variance ?? tf.mean(tf.mul(centred, centred), 0);
  const epsilon = tf.tensor(Float32Array.of(EPSILON), [1], 'float32');
  const inverse = tf.rsqrt(tf.add(variance, epsilon));
  const standard = tf.mul(centred, inverse);
  const affine = tf.add(tf.mul(standard, layer.gain), layer.shift);
  return { mean, variance, standard, inverse, affine, output: tf.relu(affine) };
}

/** The loss of one batch (mean softmax cross-entropy) and its gradient by every parameter, written out by hand. */
export function differentiateStep(
  tf: TensorLibrary,
  at: StepTensors,
  { inputs, targets }: { readonly inputs: TfTensor; readonly targets: TfTensor },
): { loss: TfTensor; gradients: Record<OrdinaryName, TfTensor> } {
  const read = (name: OrdinaryName): TfTensor => {
    const found = at[name];
    if (found === undefined) throw new Error(`the training state has no "${name}"`);
    return found;
  };
  const count = inputs.shape[0] ?? 1;
  const gains = { first: read('firstGain'), second: read('secondGain') };
  const first = normalise(tf, tf.matMul(inputs, read('firstWeights')), {
    gain: gains.first,
    shift: read('firstShift'),
  });
  const secondSums = tf.matMul(first.output, read('secondWeights'));
  const second = normalise(tf, secondSums, { gain: gains.second, shift: read('secondShift') });
  const logits = tf.add(tf.matMul(second.output, read('outputWeights')), read('outputBias'));
  const logs = tf.logSoftmax(logits);

  const error = tf.div(tf.sub(tf.exp(logs), targets), count);
  const secondUp = tf.matMul(error, read('outputWeights'), false, true);
  const secondBack = normaliseBack(tf, second, { upstream: secondUp, gain: gains.second, count });
  const firstUp = tf.matMul(secondBack.input, read('secondWeights'), false, true);
  const firstBack = normaliseBack(tf, first, { upstream: firstUp, gain: gains.first, count });
  return {
    loss: tf.div(tf.sum(tf.mul(targets, logs)), -count),
    gradients: {
      firstWeights: tf.matMul(inputs, firstBack.input, true),
      firstGain: firstBack.gain,
      firstShift: firstBack.shift,
      secondWeights: tf.matMul(first.output, secondBack.input, true),
      secondGain: secondBack.gain,
      secondShift: secondBack.shift,
      outputWeights: tf.matMul(second.output, error, true),
      outputBias: tf.sum(error, 0),
    },
  };
}

/** dz = gain / deviation · (dy - mean(dy) - standard · mean(dy · standard)), where dy is zero behind a closed ReLU. */
function normaliseBack(
  tf: TensorLibrary,
  { standard, inverse, affine }: Normalised,
  { upstream, gain, count }: { upstream: TfTensor; gain: TfTensor; count: number },
): { input: TfTensor; gain: TfTensor; shift: TfTensor } {
  const passed = tf.mul(upstream, tf.step(affine));
  const along = tf.sum(tf.mul(passed, standard), 0);
  const shift = tf.sum(passed, 0);
  const inner = tf.sub(tf.sub(passed, tf.div(shift, count)), tf.mul(standard, tf.div(along, count)));
  return { input: tf.mul(inner, tf.mul(inverse, gain)), gain: along, shift };
}
