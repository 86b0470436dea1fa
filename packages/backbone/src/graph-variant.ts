import { buildVgg16Graph } from './vgg16-graph.js';
import type { Vgg16Weights } from './weights.js';
import { buildWinogradGraph } from './winograd-graph.js';

/** Two graphs of one function: `winograd` agrees with `plain` to 1e-5 and is quicker on most CPUs. */
export type GraphVariant = 'plain' | 'winograd';

export function buildGraph(weights: Vgg16Weights, variant: GraphVariant): Uint8Array {
  return variant === 'plain' ? buildVgg16Graph(weights) : buildWinogradGraph(weights);
}
