import { type OnnxGraph, tensor, type ValueName } from '@xvision/engines';
import type { DualGraphOptions, DualInputs } from './dual-inputs.js';
import { basesOf, largeAfter, MOVES, mixed, movesCarried, movingLayer } from './dual-moves.js';
import { SCALE, smallLayout } from './dual-state.js';
import { forward } from './dual-step.js';
import { stepUpdate } from './dual-updates.js';
import { addLoop, type Carried, type Read, type Turn, type Values } from './loop.js';

interface BlockOptions extends DualGraphOptions {
  readonly inputs: DualInputs;
}

/** The batches of a block, as sequences that a step takes its own from. */
interface Batches {
  /** scale · P_b + K_b · span as the span was before the block, [batch, hidden]. */
  readonly firstSums: readonly ValueName[];
  /** Products with every image of the block, in its order, [batch, rows]. */
  readonly kernels: ValueName;
  readonly targets: ValueName;
}

interface Block {
  readonly body: OnnxGraph;
  /** The images of all its batches. */
  readonly rows: ValueName;
  /** How many of them each batch has. */
  readonly sizes: ValueName;
  /** The state before the block. */
  readonly read: Read;
}

/**
 * The state after a block of batches, which share one product with the whole span and one copy of it: for a batch alone
 * both cost as much as the batch's sums. In the block Z1_b = K_b · span + K_b,seen · moves, where the rows of `moves` are
 * what the block's earlier steps added at their own images. W2 likewise is what it was plus inputs^T outputs. The same
 * algorithm: only the order of sums differs.
 */
export function addBlock(block: Block, options: BlockOptions): Values {
  const { inputs, precision, kind, hidden } = options;
  const { body, rows, sizes, read } = block;
  const kernelRows = body.node('Gather', [inputs.kernel, rows]);
  const projected = body.node('Gather', [inputs.projection, rows]);
  const split = (values: ValueName): ValueName => body.node('SplitToSequence', [values, sizes]);
  const scales = basesOf(SCALE, kind);
  const firstSums = basesOf('span', kind).map((span, base) => {
    const initial = kind === 'plain' ? projected : body.node('Mul', [projected, read(scales[base] ?? '')]);
    return split(body.node('Gemm', [kernelRows, read(span), initial]));
  });
  const batches = {
    firstSums,
    // The kernel is symmetric: rows of its transpose are gathered whole, columns would be number by number.
    kernels: split(body.node('Gather', [body.node('Transpose', [kernelRows]), rows])),
    targets: split(body.node('Gather', [inputs.targets, rows])),
  };
  const small = smallLayout(options);
  const carried: Carried[] = [
    ...small.map(({ name, dims }) => ({ name, dims, start: read(name) })),
    ...movesCarried(hidden, options),
    { name: 'likelihoods', dims: [null, 1], start: read('likelihoods') },
  ];
  const turns = body.node('Size', [sizes]);
  const after = addLoop(body, { name: 'step', turns, precision, carried }, (turn) => {
    return addStep(turn, batches, { ...options, bases: basesOf('secondWeights', kind).map(read) });
  });
  const standing = Object.fromEntries(small.map(({ name }) => [name, after(name)]));
  return { ...standing, ...largeAfter(body, { rows, read, after }, options), likelihoods: after('likelihoods') };
}

function addStep(turn: Turn, batches: Batches, options: BlockOptions & { bases: readonly ValueName[] }): Values {
  const { body, iteration, read } = turn;
  const take = (sequence: ValueName): ValueName => body.node('SequenceAt', [sequence, iteration]);
  const start = body.constant('first-column', tensor('int64', [1], BigInt64Array.of(0n)));
  const axis = body.constant('columns', tensor('int64', [1], BigInt64Array.of(1n)));
  const seen = body.node('Shape', [read(MOVES.span)], { start: 0, end: 1 });
  const kernel = body.node('Slice', [take(batches.kernels), start, seen, axis]);
  const standing = mixed(turn, batches.firstSums.map(take), options);
  const firstSum = body.node('Gemm', [kernel, read(MOVES.span), standing]);

  const secondLayer = movingLayer(turn, options.bases, options);
  const pass = forward(body, { ...options, firstSum, targets: take(batches.targets) }, { read, secondLayer });
  const next = stepUpdate(turn, { pass, secondLayer }, options);
  return { ...next, likelihoods: body.node('Concat', [read('likelihoods'), pass.likelihood], { axis: 0 }) };
}
