import type { Tensorflow, TfTensor } from './library.js';
import type { ParsedNode } from './parsed-model.js';

/**
 * A value of the graph. ONNX convolves channels-first, TensorFlow on a CPU channels-last only: `channelsLast` marks a
 * tensor that stands channels-last though the graph calls it channels-first, so that no layer turns it round.
 */
export interface Value {
  readonly tensor: TfTensor;
  readonly channelsLast: boolean;
}

export interface OperatorContext {
  readonly tf: Tensorflow;
  readonly node: ParsedNode;
  /** The node's inputs, in order. */
  readonly inputs: readonly Value[];
  /** The numbers of an int64 constant input, for example a shape. */
  readonly numbersOf: (input: number) => readonly number[];
}

type Operator = (context: OperatorContext) => Value;

const TO_CHANNELS_FIRST = [0, 3, 1, 2];
const TO_CHANNELS_LAST = [0, 2, 3, 1];

/** The ONNX operators that this engine runs, each with the attributes that our graphs use. */
export const OPERATORS: Readonly<Record<string, Operator>> = {
  Identity: ({ inputs }) => first(inputs),
  Cast: ({ tf, inputs }) => map(first(inputs), (x) => tf.cast(x, 'float32')),
  Relu: ({ tf, inputs }) => map(first(inputs), (x) => tf.relu(x)),
  Add: (context) => elementwise(context, (a, b) => context.tf.add(a, b)),
  Sub: (context) => elementwise(context, (a, b) => context.tf.sub(a, b)),
  Mul: (context) => elementwise(context, (a, b) => context.tf.mul(a, b)),
  MatMul: ({ tf, inputs }) => asIs(tf.matMul(plain(tf, first(inputs)), plain(tf, second(inputs)))),
  Transpose: transpose,
  Conv: convolve,
  MaxPool: ({ tf, node, inputs }) => {
    const [height = 1, width = 1] = node.integers['kernel_shape'] ?? [];
    const [down = 1, across = 1] = node.integers['strides'] ?? [];
    assertUnpadded(node);
    return channelsLast(tf.maxPool(turned(tf, first(inputs)), [height, width], [down, across], 'valid'));
  },
  Flatten: ({ tf, node, inputs }) => {
    if (node.integers['axis']?.[0] !== 1) throw new Error('Flatten runs here with axis 1 only');
    const x = plain(tf, first(inputs));
    return asIs(tf.reshape(x, [x.shape[0] ?? 0, -1]));
  },
  Reshape: ({ tf, inputs, numbersOf }) => asIs(tf.reshape(plain(tf, first(inputs)), [...numbersOf(1)])),
};

export function asIs(tensor: TfTensor): Value {
  return { tensor, channelsLast: false };
}

/** In the order that the graph means. */
export function plain(tf: Tensorflow, value: Value): TfTensor {
  return value.channelsLast ? tf.transpose(value.tensor, TO_CHANNELS_FIRST) : value.tensor;
}

function channelsLast(tensor: TfTensor): Value {
  return { tensor, channelsLast: true };
}

/** Standing channels-last, whatever it was. */
function turned(tf: Tensorflow, value: Value): TfTensor {
  return value.channelsLast ? value.tensor : tf.transpose(value.tensor, TO_CHANNELS_LAST);
}

function map(value: Value, work: (tensor: TfTensor) => TfTensor): Value {
  return { ...value, tensor: work(value.tensor) };
}

function elementwise({ tf, inputs }: OperatorContext, work: (a: TfTensor, b: TfTensor) => TfTensor): Value {
  const [a, b] = [first(inputs), second(inputs)];
  if (!a.channelsLast && !b.channelsLast) return asIs(work(a.tensor, b.tensor));
  return channelsLast(work(turned(tf, a), turned(tf, b)));
}

function transpose({ tf, node, inputs }: OperatorContext): Value {
  const perm = node.integers['perm'] ?? [];
  const value = first(inputs);
  if (!value.channelsLast && perm.join() === TO_CHANNELS_FIRST.join()) return channelsLast(value.tensor);
  if (value.channelsLast && perm.join() === TO_CHANNELS_LAST.join()) return asIs(value.tensor);
  return asIs(tf.transpose(plain(tf, value), [...perm]));
}

function convolve({ tf, node, inputs }: OperatorContext): Value {
  const [x, kernel, bias] = inputs;
  if (x === undefined || kernel === undefined) throw new Error('Conv needs an input and a kernel');
  const [stride = 1, ...otherStrides] = node.integers['strides'] ?? [1];
  if (otherStrides.some((other) => other !== stride)) throw new Error('Conv runs here with one stride only');
  // The kernel was turned from OIHW to HWIO when the model was loaded.
  const sums = tf.conv2d(turned(tf, x), kernel.tensor, stride, padding(node, kernel.tensor.shape));
  return channelsLast(bias === undefined ? sums : tf.add(sums, bias.tensor));
}

function padding({ integers }: ParsedNode, [height = 1, width = 1]: readonly number[]): 'same' | 'valid' {
  const pads = integers['pads'] ?? [0, 0, 0, 0];
  if (pads.every((pad) => pad === 0)) return 'valid';
  const same = [(height - 1) / 2, (width - 1) / 2, (height - 1) / 2, (width - 1) / 2];
  if (pads.join() === same.join() && (integers['strides'] ?? [1]).every((stride) => stride === 1)) return 'same';
  throw new Error(`Conv runs here without padding or with 'same', not with pads ${pads.join(', ')}`);
}

function assertUnpadded({ operator, integers }: ParsedNode): void {
  if ((integers['pads'] ?? []).some((pad) => pad !== 0)) throw new Error(`${operator} runs here without padding only`);
}

function first(inputs: readonly Value[]): Value {
  const [value] = inputs;
  if (value === undefined) throw new Error('an operator has no input');
  return value;
}

function second(inputs: readonly Value[]): Value {
  const [, value] = inputs;
  if (value === undefined) throw new Error('an operator has no second input');
  return value;
}
