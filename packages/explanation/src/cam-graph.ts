import { OnnxGraph, tensor, type ValueName } from '@xvision/engines';
import { BATCH_NORM_EPSILON } from './head-network.js';

/** pool5 is 7 x 7 cells of 512 channels, NHWC. */
export const CELLS = 49;
const CHANNELS = 512;
const INPUTS = CELLS * CHANNELS;

export interface CamGraphShape {
  readonly hidden: number;
  readonly classes: number;
}

interface Layer {
  /** [n, hidden], before ReLU. */
  readonly normalised: ValueName;
  readonly output: ValueName;
  /** d normalised / d sums, [hidden]: gain over standard deviation. */
  readonly slope: ValueName;
}

function layer(graph: OnnxGraph, sums: ValueName, { name, hidden }: { name: string; hidden: number }): Layer {
  const vector = (part: string) => graph.input(`${name}${part}`, 'float32', [hidden]);
  const [gain, shift, mean, variance] = [vector('Gain'), vector('Shift'), vector('Mean'), vector('Variance')];
  const slope = graph.node('Div', [gain, graph.node('Sqrt', [graph.node('Add', [variance, 'epsilon'])])]);
  const normalised = graph.node('Add', [graph.node('Mul', [graph.node('Sub', [sums, mean]), slope]), shift]);
  return { normalised, output: graph.node('Relu', [normalised]), slope };
}

/** The gradient through ReLU and BatchNorm: it passes where the unit is on, scaled by the layer's slope. */
function backThrough(graph: OnnxGraph, gradient: ValueName, { normalised, slope }: Layer): ValueName {
  const on = graph.node('Cast', [graph.node('Greater', [normalised, 'zero'])], { to: 1 });
  return graph.node('Mul', [graph.node('Mul', [gradient, on]), slope]);
}

/**
 * Class activation maps from stored pool5 rows and the head alone: no backbone pass, no GPU.
 *
 * Inputs: rows [n, 25088]; target [classes, 1], the combination of logits that is explained; the head's tensors.
 * Outputs: logits [n, classes]; gradient [n, 25088], d target / d pool5; gradCam and hiResCam [n, 49], row-major (y, x),
 * before ReLU. Grad-CAM weights each channel by the mean of its gradient over the 49 cells (Selvaraju 2017,
 * arXiv 1610.02391); HiResCAM multiplies cell by cell (Draelos and Carin 2020, arXiv 2011.08891).
 */
export function camGraph({ hidden, classes }: CamGraphShape): Uint8Array {
  const graph = new OnnxGraph('cam');
  graph.constant('epsilon', tensor('float32', [1], Float32Array.of(BATCH_NORM_EPSILON)));
  graph.constant('zero', tensor('float32', [1], Float32Array.of(0)));
  const cellShape = graph.constant(
    'cellShape',
    tensor('int64', [3], BigInt64Array.of(-1n, BigInt(CELLS), BigInt(CHANNELS))),
  );
  const channelAxis = graph.constant('channelAxis', tensor('int64', [1], BigInt64Array.of(2n)));

  const rows = graph.input('rows', 'float32', ['n', INPUTS]);
  const target = graph.input('target', 'float32', [classes, 1]);
  const firstWeights = graph.input('firstWeights', 'float32', [INPUTS, hidden]);
  const secondWeights = graph.input('secondWeights', 'float32', [hidden, hidden]);
  const outputWeights = graph.input('outputWeights', 'float32', [hidden, classes]);
  const outputBias = graph.input('outputBias', 'float32', [classes]);

  const first = layer(graph, graph.node('MatMul', [rows, firstWeights]), { name: 'first', hidden });
  const second = layer(graph, graph.node('MatMul', [first.output, secondWeights]), { name: 'second', hidden });
  const logits = graph.node('Gemm', [second.output, outputWeights, outputBias]);

  const upstream = graph.node('Transpose', [graph.node('MatMul', [outputWeights, target])], { perm: [1, 0] });
  const atFirst = graph.node('Gemm', [backThrough(graph, upstream, second), secondWeights], { transB: 1 });
  const gradient = graph.node('Gemm', [backThrough(graph, atFirst, first), firstWeights], { transB: 1 });

  const activations = graph.node('Reshape', [rows, cellShape]);
  const slopes = graph.node('Reshape', [gradient, cellShape]);
  const overChannels = (product: ValueName) => graph.node('ReduceSum', [product, channelAxis], { keepdims: 0 });
  const weights = graph.node('ReduceMean', [slopes], { axes: [1], keepdims: 1 });

  graph.output(logits, 'float32', { dims: ['n', classes], as: 'logits' });
  graph.output(gradient, 'float32', { dims: ['n', INPUTS], as: 'gradient' });
  graph.output(overChannels(graph.node('Mul', [activations, weights])), 'float32', {
    dims: ['n', CELLS],
    as: 'gradCam',
  });
  graph.output(overChannels(graph.node('Mul', [activations, slopes])), 'float32', {
    dims: ['n', CELLS],
    as: 'hiResCam',
  });
  return graph.encode();
}
