import { type OnnxGraph, type ValueName } from '@xvision/engines';
import { EPSILON, type SmallName } from './dual-state.js';
import { floatTensor, type Precision } from './precision.js';

/** One BatchNorm with ReLU, and what its backward pass needs. */
interface Normalised {
  /** (z - mean) / deviation. */
  readonly standard: ValueName;
  /** 1 / sqrt(variance + epsilon). */
  readonly inverse: ValueName;
  /** After gain and shift, before ReLU. */
  readonly affine: ValueName;
  readonly output: ValueName;
}

export interface Forward {
  readonly first: Normalised;
  readonly second: Normalised;
  /** softmax - target: dLoss/dlogits of each image by itself. */
  readonly error: ValueName;
  /** Images in the batch, as a float. */
  readonly count: ValueName;
  /** Log-likelihood of the batch's classes, [1, 1]: the sum over its images. */
  readonly likelihood: ValueName;
  readonly zero: ValueName;
}

/** The second layer's weights, which a step only multiplies by. */
export interface SecondLayer {
  /** values · W2. */
  readonly times: (values: ValueName) => ValueName;
  /** values · W2^T. */
  readonly timesTransposed: (values: ValueName) => ValueName;
}

interface StepOptions {
  /** A small parameter as it is before this step. */
  readonly read: (name: SmallName) => ValueName;
  readonly secondLayer: SecondLayer;
}

/** Forward pass of a batch from its Z1: BatchNorm, ReLU, dense, BatchNorm, ReLU, dense, softmax. */
export function forward(
  body: OnnxGraph,
  { firstSum, targets, precision }: { firstSum: ValueName; targets: ValueName; precision: Precision },
  { read, secondLayer }: StepOptions,
): Forward {
  const epsilon = constantScalar(body, 'epsilon', { value: EPSILON, precision });
  const zero = constantScalar(body, 'zero', { value: 0, precision });
  const first = normalise(body, firstSum, { gain: read('firstGain'), shift: read('firstShift'), epsilon });
  const secondSum = secondLayer.times(first.output);
  const second = normalise(body, secondSum, { gain: read('secondGain'), shift: read('secondShift'), epsilon });
  const logits = body.node('Gemm', [second.output, read('outputWeights'), read('outputBias')]);
  const logProbabilities = body.node('LogSoftmax', [logits], { axis: 1 });
  return {
    first,
    second,
    zero,
    likelihood: body.node('ReduceSum', [body.node('Mul', [targets, logProbabilities])], { keepdims: 1 }),
    count: body.node('CastLike', [body.node('Shape', [targets], { start: 0, end: 1 }), epsilon]),
    error: body.node('Sub', [body.node('Exp', [logProbabilities]), targets]),
  };
}

/** What the backward pass gives: a row for each image at the two hidden layers, and a mean for each vector. */
export interface Backward {
  /** At Z1 and Z2, [batch, hidden], of each image by itself. */
  readonly firstSum: ValueName;
  readonly secondSum: ValueName;
  readonly vectors: Readonly<Record<Exclude<SmallName, 'outputWeights'>, ValueName>>;
}

/**
 * The backward pass, linear in the error at the logits: from the error itself come gradients, from -lr · error what the
 * parameters move by. The loss is a mean over the batch, and what runs backward is not divided by its size: so a mean
 * over the batch's rows is the gradient of a vector, while the factors of a matrix are still to be divided.
 */
export function backward(
  body: OnnxGraph,
  { pass: { first, second, zero }, error }: { pass: Forward; error: ValueName },
  { read, secondLayer }: StepOptions,
): Backward {
  const secondOutput = body.node('Gemm', [error, read('outputWeights')], { transB: 1 });
  const secondBack = normaliseBack(body, second, { upstream: secondOutput, gain: read('secondGain'), zero });
  const firstOutput = secondLayer.timesTransposed(secondBack.input);
  const firstBack = normaliseBack(body, first, { upstream: firstOutput, gain: read('firstGain'), zero });
  return {
    firstSum: firstBack.input,
    secondSum: secondBack.input,
    vectors: {
      firstGain: firstBack.gain,
      firstShift: firstBack.shift,
      secondGain: secondBack.gain,
      secondShift: secondBack.shift,
      outputBias: batchMean(body, error),
    },
  };
}

/** BatchNorm on the batch's own (biased) moments, then ReLU. */
function normalise(
  body: OnnxGraph,
  input: ValueName,
  { gain, shift, epsilon }: { gain: ValueName; shift: ValueName; epsilon: ValueName },
): Normalised {
  const mean = body.node('ReduceMean', [input], { axes: [0], keepdims: 1 });
  const centred = body.node('Sub', [input, mean]);
  const variance = body.node('ReduceMean', [body.node('Mul', [centred, centred])], { axes: [0], keepdims: 1 });
  const inverse = body.node('Reciprocal', [body.node('Sqrt', [body.node('Add', [variance, epsilon])])]);
  const standard = body.node('Mul', [centred, inverse]);
  const affine = body.node('Add', [body.node('Mul', [standard, gain]), shift]);
  return { standard, inverse, affine, output: body.node('Relu', [affine]) };
}

/** dz = gain / deviation · (dy - mean(dy) - standard · mean(dy · standard)), where dy is zero behind a closed ReLU. */
function normaliseBack(
  body: OnnxGraph,
  { standard, inverse, affine }: Normalised,
  { upstream, gain, zero }: { upstream: ValueName; gain: ValueName; zero: ValueName },
): { input: ValueName; gain: ValueName; shift: ValueName } {
  const open = body.node('CastLike', [body.node('Greater', [affine, zero]), upstream]);
  const passed = body.node('Mul', [upstream, open]);
  const meanPassed = batchMean(body, passed);
  const meanAlong = batchMean(body, body.node('Mul', [passed, standard]));
  const along = body.node('Mul', [standard, meanAlong]);
  const inner = body.node('Sub', [body.node('Sub', [passed, meanPassed]), along]);
  const input = body.node('Mul', [inner, body.node('Mul', [inverse, gain])]);
  return { input, gain: meanAlong, shift: meanPassed };
}

function batchMean(body: OnnxGraph, values: ValueName): ValueName {
  return body.node('ReduceMean', [values], { axes: [0], keepdims: 0 });
}

function constantScalar(
  body: OnnxGraph,
  name: string,
  { value, precision }: { value: number; precision: Precision },
): ValueName {
  const values = precision === 'float32' ? Float32Array.of(value) : Float64Array.of(value);
  return body.constant(name, floatTensor([1], values));
}
