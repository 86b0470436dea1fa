import { type OnnxGraph, tensor, type ValueName } from '@xvision/engines';
import { EPSILON, type ParameterName, SCALE, type StepKind } from './dual-state.js';
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
  /** Log-likelihood of the batch's classes, a scalar: the sum over its images. */
  readonly likelihood: ValueName;
  /** The batch's indices as ScatterND wants them. */
  readonly scatter: ValueName;
  readonly zero: ValueName;
}

export type Gradients = Readonly<Record<ParameterName, ValueName>>;

/** Weights whose gradient is a product of two small matrices, [batch, inputs]^T [batch, outputs]. */
export const FACTORED = ['secondWeights', 'outputWeights'] as const;
export type FactoredName = (typeof FACTORED)[number];

/** The two factors, so that a step can move the weights in one product without writing the gradient out. */
export type Factors = Readonly<Record<FactoredName, { readonly inputs: ValueName; readonly outputs: ValueName }>>;

export interface ForwardOptions {
  readonly read: (name: string) => ValueName;
  readonly indices: ValueName;
  readonly inputs: { readonly kernel: ValueName; readonly projection: ValueName; readonly targets: ValueName };
  readonly precision: Precision;
  readonly kind: StepKind;
}

/** Forward pass of a batch: Z1 = scale · P_b + K_b · span, then BatchNorm, ReLU, dense, BatchNorm, ReLU, dense, softmax. */
export function forward(body: OnnxGraph, options: ForwardOptions): Forward {
  const { read, indices, inputs, precision, kind } = options;
  const epsilon = constantScalar(body, 'epsilon', { value: EPSILON, precision });
  const zero = constantScalar(body, 'zero', { value: 0, precision });
  const classAxis = body.constant('class-axis', tensor('int64', [1], BigInt64Array.of(1n)));

  const kernel = body.node('Gather', [inputs.kernel, indices]);
  const projected = body.node('Gather', [inputs.projection, indices]);
  const initial = kind === 'plain' ? projected : body.node('Mul', [projected, read(SCALE)]);
  const firstSum = body.node('Gemm', [kernel, read('span'), initial]);
  const first = normalise(body, firstSum, { gain: read('firstGain'), shift: read('firstShift'), epsilon });
  const secondSum = body.node('MatMul', [first.output, read('secondWeights')]);
  const second = normalise(body, secondSum, { gain: read('secondGain'), shift: read('secondShift'), epsilon });
  const logits = body.node('Gemm', [second.output, read('outputWeights'), read('outputBias')]);

  const targets = body.node('Gather', [inputs.targets, indices]);
  const logProbabilities = body.node('LogSoftmax', [logits], { axis: 1 });
  return {
    first,
    second,
    zero,
    likelihood: body.node('ReduceSum', [body.node('Mul', [targets, logProbabilities])], { keepdims: 0 }),
    count: body.node('CastLike', [body.node('Size', [indices]), epsilon]),
    error: body.node('Sub', [body.node('Exp', [logProbabilities]), targets]),
    scatter: body.node('Unsqueeze', [indices, classAxis]),
  };
}

/**
 * The gradient of every parameter. The loss is a mean over the batch, and what runs backward here is not divided by its
 * size: so the mean over the batch's rows is the gradient of a vector, while that of the span (dLoss/dZ1, to be added to
 * the batch's own rows) and the second factors are still to be divided.
 */
export function backward(
  body: OnnxGraph,
  pass: Forward,
  read: (name: string) => ValueName,
): { gradients: Omit<Gradients, FactoredName>; factors: Factors } {
  const { first, second, error, zero } = pass;
  const secondOutput = body.node('Gemm', [error, read('outputWeights')], { transB: 1 });
  const secondBack = normaliseBack(body, second, { upstream: secondOutput, gain: read('secondGain'), zero });
  const firstOutput = body.node('Gemm', [secondBack.input, read('secondWeights')], { transB: 1 });
  const firstBack = normaliseBack(body, first, { upstream: firstOutput, gain: read('firstGain'), zero });
  return {
    gradients: {
      span: firstBack.input,
      firstGain: firstBack.gain,
      firstShift: firstBack.shift,
      secondGain: secondBack.gain,
      secondShift: secondBack.shift,
      outputBias: batchMean(body, error),
    },
    factors: {
      secondWeights: { inputs: first.output, outputs: secondBack.input },
      outputWeights: { inputs: second.output, outputs: error },
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
