import { OnnxGraph, type ValueName } from '@xvision/engines';
import { HIDDEN } from '../heads/dual-state.js';

/** The first in which integers of 16 bits become floats by a unit. */
const OPSET = 21;

/**
 * left right^T + sum. The sum is added to the product once: as Gemm's addend every 128 inputs would be added to it at its
 * full size, and rounded two to four times as much (decision 0154).
 */
export function gramGraph(): Uint8Array {
  const graph = new OnnxGraph('gram');
  const left = graph.input('left', 'float32', ['a', 'd']);
  const right = graph.input('right', 'float32', ['b', 'd']);
  const sum = graph.input('sum', 'float32', ['a', 'b']);
  const product = graph.node('Gemm', [left, right], { transB: 1 });
  graph.output(graph.node('Add', [product, sum]), 'float32', { dims: ['a', 'b'], as: 'product' });
  return graph.encode();
}

/** rows W + sum, where W are the drawn integers times their unit; added as in {@link gramGraph}. */
export function projectGraph(): Uint8Array {
  const graph = new OnnxGraph('project', { opset: OPSET });
  const rows = graph.input('rows', 'float32', ['a', 'd']);
  const sum = graph.input('sum', 'float32', ['a', HIDDEN]);
  const product = graph.node('Gemm', [rows, drawnWeights(graph)]);
  graph.output(graph.node('Add', [product, sum]), 'float32', { dims: ['a', HIDDEN], as: 'product' });
  return graph.encode();
}

/** rows^T span + W, where W are `drawn` integers times their unit, or `weights` as they are. */
export function spanGraph(from: 'drawn' | 'weights'): Uint8Array {
  const graph = new OnnxGraph('span', { opset: OPSET });
  const rows = graph.input('rows', 'float32', ['a', 'd']);
  const span = graph.input('span', 'float32', ['a', HIDDEN]);
  const weights = from === 'drawn' ? drawnWeights(graph) : graph.input('weights', 'float32', ['d', HIDDEN]);
  const moved = graph.node('Gemm', [rows, span, weights], { transA: 1 });
  graph.output(moved, 'float32', { dims: ['d', HIDDEN], as: 'moved' });
  return graph.encode();
}

function drawnWeights(graph: OnnxGraph): ValueName {
  const integers = graph.input('integers', 'int16', ['d', HIDDEN]);
  return graph.node('DequantizeLinear', [integers, graph.input('unit', 'float32', [])]);
}
