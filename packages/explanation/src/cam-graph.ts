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

interface Head {
  readonly rows: ValueName;
  readonly logits: ValueName;
  /** d target / d (rows x firstWeights), [n, hidden]. */
  readonly atFirst: ValueName;
}

/** The head forwards to its logits, and back to the sums of its first layer. */
function headThere(graph: OnnxGraph, { hidden, classes }: CamGraphShape): Head {
  graph.constant('epsilon', tensor('float32', [1], Float32Array.of(BATCH_NORM_EPSILON)));
  graph.constant('zero', tensor('float32', [1], Float32Array.of(0)));
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
  const atSecond = graph.node('Gemm', [backThrough(graph, upstream, second), secondWeights], { transB: 1 });
  return { rows, logits, atFirst: backThrough(graph, atSecond, first) };
}

/** rows as [n, cells, channels], and a sum over the channels as the output `as`, [n, cells]. */
function overCells(graph: OnnxGraph): {
  inCells: (rows: ValueName) => ValueName;
  output: (product: ValueName, as: string) => void;
} {
  const cellShape = graph.constant(
    'cellShape',
    tensor('int64', [3], BigInt64Array.of(-1n, BigInt(CELLS), BigInt(CHANNELS))),
  );
  const channelAxis = graph.constant('channelAxis', tensor('int64', [1], BigInt64Array.of(2n)));
  return {
    inCells: (rows) => graph.node('Reshape', [rows, cellShape]),
    output: (product, as) =>
      graph.output(graph.node('ReduceSum', [product, channelAxis], { keepdims: 0 }), 'float32', {
        dims: ['n', CELLS],
        as,
      }),
  };
}

/**
 * HiResCAM (Draelos and Carin 2020, arXiv 2011.08891), the gradient and the logits, from stored pool5 rows and the head
 * alone: no backbone pass, no GPU.
 *
 * Inputs: rows [n, 25088]; target [classes, 1], the combination of logits that is explained; the head's tensors.
 * Outputs: logits [n, classes]; gradient [n, 25088], d target / d pool5; hiResCam [n, 49], row-major (y, x), before ReLU.
 */
export function camGraph(shape: CamGraphShape): Uint8Array {
  const graph = new OnnxGraph('cam');
  const { rows, logits, atFirst } = headThere(graph, shape);
  const { inCells, output } = overCells(graph);
  const gradient = graph.node('Gemm', [atFirst, 'firstWeights'], { transB: 1 });
  graph.output(logits, 'float32', { dims: ['n', shape.classes], as: 'logits' });
  graph.output(gradient, 'float32', { dims: ['n', INPUTS], as: 'gradient' });
  output(graph.node('Mul', [inCells(rows), inCells(gradient)]), 'hiResCam');
  return graph.encode();
}

/**
 * Grad-CAM (Selvaraju 2017, arXiv 1610.02391): gradCam [n, 49]. Its weight of a channel is the mean of the gradient over the
 * 49 cells, and the gradient is linear in the first layer's weights: their mean over the cells, the further input
 * meanWeights [512, hidden], gives it for a 49th of the work.
 */
export function gradCamGraph(shape: CamGraphShape): Uint8Array {
  const graph = new OnnxGraph('grad-cam');
  const { rows, atFirst } = headThere(graph, shape);
  const { inCells, output } = overCells(graph);
  const meanWeights = graph.input('meanWeights', 'float32', [CHANNELS, shape.hidden]);
  const weights = graph.node('Gemm', [atFirst, meanWeights], { transB: 1 });
  const middle = graph.constant('middle', tensor('int64', [1], BigInt64Array.of(1n)));
  output(graph.node('Mul', [inCells(rows), graph.node('Unsqueeze', [weights, middle])]), 'gradCam');
  return graph.encode();
}

/** Mean over the cells of the first layer's weights [25088, hidden]: [512, hidden]. */
export function meanOverCells(firstWeights: Float32Array, hidden: number): Float32Array {
  const sums = new Float64Array(CHANNELS * hidden);
  for (let start = 0; start < firstWeights.length; start += sums.length) {
    for (let place = 0; place < sums.length; place += 1) {
      sums[place] = (sums[place] ?? 0) + (firstWeights[start + place] ?? 0);
    }
  }
  return Float32Array.from(sums, (sum) => sum / CELLS);
}
