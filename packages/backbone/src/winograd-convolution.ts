import { type OnnxGraph, tensor, type ValueName } from '@xvision/engines';
import type { LayerWeights } from './weights.js';
import { inputTransform, outputTransform, POINTS, TILE, transformedKernel, WINDOW } from './winograd.js';

/** The transforms, which all layers of a graph share. */
export interface WinogradTransforms {
  readonly input: ValueName;
  readonly output: ValueName;
}

interface Cut {
  /** The neighbour that the phases are taken of: 1 is the next tile below, or to the right. */
  readonly down: number;
  readonly across: number;
  /** Phases (row * 4 + column) from, up to. */
  readonly from: number;
  readonly to: number;
}

/**
 * Space-to-depth by 4 gives each tile its 16 pixels ("phases"); the other 20 of its 6 x 6 window are phases of its
 * neighbours. Phases that lie side by side are cut in one piece.
 */
const CUTS: readonly Cut[] = [
  { down: 0, across: 0, from: 0, to: 16 },
  { down: 1, across: 0, from: 0, to: 8 },
  ...[0, 4, 8, 12].map((from) => ({ down: 0, across: 1, from, to: from + 2 })),
  ...[0, 4].map((from) => ({ down: 1, across: 1, from, to: from + 2 })),
];

/** Position in the window (y * 6 + x) of each phase, in the order in which the cuts give them. */
const ORDER: readonly number[] = CUTS.flatMap(({ down, across, from, to }) =>
  Array.from({ length: to - from }, (_, index) => {
    const row = Math.floor((from + index) / TILE) + TILE * down;
    return row * WINDOW + ((from + index) % TILE) + TILE * across;
  }),
);

export function addTransforms(graph: OnnxGraph): WinogradTransforms {
  return {
    input: graph.constant('input-transform', tensor('float32', [POINTS, POINTS], inputTransform(ORDER))),
    output: graph.constant('output-transform', tensor('float32', [TILE * TILE, POINTS], outputTransform())),
  };
}

export interface WinogradLayer {
  readonly weights: LayerWeights;
  /** Height and width of the layer's input, in pixels. */
  readonly side: number;
  readonly transforms: WinogradTransforms;
}

/** A 3 x 3 'same' convolution with bias and ReLU, NCHW, in three matrix products: tiles in, channels, tiles out. */
export function addWinogradConvolution(graph: OnnxGraph, x: ValueName, options: WinogradLayer): ValueName {
  const { weights, side, transforms } = options;
  const { name, inputs, outputs } = weights.layer;
  const tiles = Math.ceil(side / TILE);
  const numbers = numbersOf(graph, name);

  const windows = addWindows(graph, x, { inputs, side, tiles, numbers });
  const columns = graph.node('Reshape', [windows, numbers([-1, POINTS, inputs * tiles * tiles])]);
  const transformed = graph.node('MatMul', [transforms.input, columns]);
  const matrices = graph.node('Reshape', [transformed, numbers([-1, POINTS, inputs, tiles * tiles])]);
  const kernel = tensor('float32', [POINTS, outputs, inputs], transformedKernel(weights));
  const products = graph.node('MatMul', [graph.constant(`${name}/kernel`, kernel), matrices]);
  const flat = graph.node('Reshape', [products, numbers([-1, POINTS, outputs * tiles * tiles])]);
  const pixels = graph.node('MatMul', [transforms.output, flat]);

  const split = graph.node('Reshape', [pixels, numbers([-1, TILE * TILE, outputs, tiles * tiles])]);
  const bias = graph.constant(`${name}/bias`, tensor('float32', [1, 1, outputs, 1], weights.bias));
  const activated = graph.node('Relu', [graph.node('Add', [split, bias])]);
  const deep = graph.node('Reshape', [activated, numbers([-1, TILE * TILE * outputs, tiles, tiles])]);
  const full = graph.node('DepthToSpace', [deep], { blocksize: TILE });
  if (tiles * TILE === side) return full;
  return graph.node('Slice', [full, numbers([0, 0]), numbers([side, side]), numbers([2, 3])]);
}

/** [n, 36 * inputs, tiles, tiles]: every value of each tile's 6 x 6 window, in the order of {@link ORDER}. */
function addWindows(
  graph: OnnxGraph,
  x: ValueName,
  { inputs, side, tiles, numbers }: { inputs: number; side: number; tiles: number; numbers: Numbers },
): ValueName {
  const after = TILE * (tiles + 1) - side - 1;
  const padded = graph.node('Pad', [x, numbers([0, 0, 1, 1, 0, 0, after, after])]);
  const phases = graph.node('SpaceToDepth', [padded], { blocksize: TILE });
  const axes = numbers([1, 2, 3]);
  const cuts = CUTS.map(({ down, across, from, to }) => {
    const starts = numbers([from * inputs, down, across]);
    return graph.node('Slice', [phases, starts, numbers([to * inputs, down + tiles, across + tiles]), axes]);
  });
  return graph.node('Concat', cuts, { axis: 1 });
}

type Numbers = (values: readonly number[]) => ValueName;

/** Makes int64 vectors with names of their own. */
function numbersOf(graph: OnnxGraph, layer: string): Numbers {
  let next = 0;
  return (values) =>
    graph.constant(
      `${layer}/numbers-${next++}`,
      tensor(
        'int64',
        [values.length],
        BigInt64Array.from(values, (value) => BigInt(value)),
      ),
    );
}
