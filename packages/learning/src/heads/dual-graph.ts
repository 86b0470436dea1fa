import { OnnxGraph, tensor } from '@xvision/engines';
import { addBlock } from './dual-block.js';
import { type DualGraphOptions, inputsOf } from './dual-inputs.js';
import { type DualShape, stateLayout } from './dual-state.js';
import { addLoop } from './loop.js';
import { floats, floatTensor } from './precision.js';

/**
 * SGD over a list of batches as one inference-only graph (science.md, section 2): a `Loop` over blocks of batches, and in
 * each a `Loop` over its batches whose body is the forward pass, the loss, the backward pass written out by hand and the
 * update. Sizes of the data, of a batch and of a block are free, so one graph serves every fold, the short last batch and
 * any number of epochs.
 *
 * Inputs: kernel [n, n] = X X^T, projection [n, hidden] = X W1_0, targets [n, classes] one-hot; int64: order, the rows of
 * all batches, sizes [steps], how many of them each batch has, blocks and steps [blocks], how many of them and how many
 * batches each block has; learningRate, momentum, weightDecay [1], and the state. Outputs: losses [steps] and the state,
 * as `next.<name>`.
 */
export function dualGraph(options: DualGraphOptions): Uint8Array {
  const { precision } = options;
  const graph = new OnnxGraph('dual-sgd');
  const order = graph.input('order', 'int64', ['taken']);
  const sizes = graph.input('sizes', 'int64', ['batches']);
  const blocks = graph.input('blocks', 'int64', ['blocks']);
  const steps = graph.input('steps', 'int64', ['blocks']);
  const inputs = inputsOf(graph, options);
  const layout = layoutOf(options);
  for (const { name, dims } of layout) graph.input(name, precision, dims);

  const rowsOfBlocks = graph.node('SplitToSequence', [order, blocks]);
  const sizesOfBlocks = graph.node('SplitToSequence', [sizes, steps]);
  const none = graph.constant('none', floatTensor([0, 1], floats(precision, 0)));
  const carried = [
    ...layout.map(({ name, dims }) => ({ name, dims, start: name })),
    { name: 'likelihoods', dims: [null, 1], start: none },
  ];
  const turns = graph.node('Size', [blocks]);
  const after = addLoop(graph, { name: 'block', turns, precision, carried }, ({ body, iteration, read }) => {
    const rows = body.node('SequenceAt', [rowsOfBlocks, iteration]);
    const batches = body.node('SequenceAt', [sizesOfBlocks, iteration]);
    return addBlock({ body, rows, sizes: batches, read }, { ...options, inputs });
  });

  for (const { name, dims } of layout) graph.output(after(name), precision, { dims, as: `next.${name}` });
  const classAxis = graph.constant('class-axis', tensor('int64', [1], BigInt64Array.of(1n)));
  const likelihoods = graph.node('Squeeze', [after('likelihoods'), classAxis]);
  const means = graph.node('Div', [likelihoods, graph.node('CastLike', [sizes, likelihoods])]);
  graph.output(graph.node('Neg', [means]), precision, { dims: ['batches'], as: 'losses' });
  return graph.encode();
}

function layoutOf({ hidden, classes, kind }: DualGraphOptions): { name: string; dims: (number | string)[] }[] {
  const shape: DualShape = { images: -1, hidden, classes };
  return stateLayout(shape, kind).map(({ name, dims }) => ({
    name,
    dims: dims.map((size) => (size === -1 ? 'n' : size)),
  }));
}
