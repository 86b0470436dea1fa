import { OnnxGraph } from '@xvision/engines';
import { INPUT_SIDE } from './vgg16-architecture.js';
import { addConvolution, addInput, addPool5, isLastOfBlock } from './vgg16-graph.js';
import { layersOf, type Vgg16Weights } from './weights.js';
import { addTransforms, addWinogradConvolution } from './winograd-convolution.js';

/**
 * In block 1 there are too few channels for the transforms to pay; in block 5 too few pixels: its transformed kernels
 * cost as much to read as the multiplications that they save (measured: the same speed for 85 MB less).
 */
const WINOGRAD_BLOCKS: ReadonlySet<number> = new Set([2, 3, 4]);

/**
 * The same function as `buildVgg16Graph`, to 1e-5: F(4, 3) Winograd convolutions in blocks 2 to 4. A third of their
 * multiplications for four times their kernels (150 MB in all); quickest one image at a time.
 */
export function buildWinogradGraph(weights: Vgg16Weights): Uint8Array {
  const graph = new OnnxGraph('vgg16-winograd');
  const transforms = addTransforms(graph);
  let x = addInput(graph);
  for (const [index, layer] of layersOf(weights.values).entries()) {
    const { block } = layer.layer;
    const side = INPUT_SIDE / 2 ** (block - 1);
    x = !WINOGRAD_BLOCKS.has(block)
      ? addConvolution(graph, x, layer)
      : addWinogradConvolution(graph, x, { weights: layer, side, transforms });
    if (isLastOfBlock(index)) x = graph.node('MaxPool', [x], { kernel_shape: [2, 2], strides: [2, 2] });
  }
  addPool5(graph, x);
  return graph.encode();
}
