import { POOL5_LENGTH } from '@xvision/contracts';
import { OnnxGraph, type Tensor, tensor, type ValueName } from '@xvision/engines';
import { hwioToOihw } from './kernel-order.js';
import { CONVOLUTIONS, INPUT_SIDE, VGG16_CHANNEL_MEANS_BGR } from './vgg16-architecture.js';
import { type LayerWeights, layersOf, type Vgg16Weights } from './weights.js';

/** Name of the graph's input: uint8 RGB (or float32, where asked for), [n, 224, 224, 3]. */
export const GRAPH_INPUT = 'rgb';
/** `float32`: for images between two images, whose values are no bytes. */
export type GraphInput = 'uint8' | 'float32';
/** Name of its output: float32 [n, 25088], NHWC order. */
export const GRAPH_OUTPUT = 'pool5';

/**
 * VGG16 up to pool5 as an ONNX model made from the weights: takes the bytes of RGB images as they are; cast, channel
 * order and channel means are inside, so no caller can forget them.
 */
export function buildVgg16Graph(weights: Vgg16Weights, input: GraphInput = 'uint8'): Uint8Array {
  const graph = new OnnxGraph('vgg16');
  graph.output(addVgg16(graph, weights, input), 'float32', { dims: ['n', POOL5_LENGTH], as: GRAPH_OUTPUT });
  return graph.encode();
}

/** The same inside a larger graph: declares its input and gives the rows [n, 25088]. */
export function addVgg16(graph: OnnxGraph, weights: Vgg16Weights, input: GraphInput = 'uint8'): ValueName {
  let x = addInput(graph, input);
  for (const [index, layer] of layersOf(weights.values).entries()) {
    x = addConvolution(graph, x, layer);
    if (isLastOfBlock(index)) x = graph.node('MaxPool', [x], { kernel_shape: [2, 2], strides: [2, 2] });
  }
  return flattenPool5(graph, x);
}

/** From RGB NHWC to float NCHW, still RGB, with the means taken off (the padding that follows is zero after it). */
export function addInput(graph: OnnxGraph, input: GraphInput = 'uint8'): ValueName {
  const rgb = graph.input(GRAPH_INPUT, input, ['n', INPUT_SIDE, INPUT_SIDE, 3]);
  const channelsFirst = graph.node('Transpose', [rgb], { perm: [0, 3, 1, 2] });
  const floats = input === 'float32' ? channelsFirst : graph.node('Cast', [channelsFirst], { to: 1 });
  const meansRgb = Float32Array.from(VGG16_CHANNEL_MEANS_BGR.toReversed());
  return graph.node('Sub', [floats, graph.constant('means', tensor('float32', [1, 3, 1, 1], meansRgb))]);
}

/** Images as the graph's input takes them: bytes, or floats where it was built for them. */
export function imagesTensor(rgb: Uint8Array | Float32Array, count: number): Tensor {
  const dims = [count, INPUT_SIDE, INPUT_SIDE, 3];
  return rgb instanceof Float32Array ? tensor('float32', dims, rgb) : tensor('uint8', dims, rgb);
}

/** Whether a pool follows the convolution. */
export function isLastOfBlock(index: number): boolean {
  return CONVOLUTIONS[index + 1]?.block !== CONVOLUTIONS[index]?.block;
}

/** Convolution, bias and ReLU; the first layer's kernel is turned to RGB, which costs nothing at run time. */
export function addConvolution(graph: OnnxGraph, x: ValueName, { layer, kernel, bias }: LayerWeights): ValueName {
  const oihw = hwioToOihw(kernel, layer);
  if (layer.inputs === 3) reverseInputChannels(oihw, layer.outputs);
  const weight = graph.constant(`${layer.name}/kernel`, tensor('float32', [layer.outputs, layer.inputs, 3, 3], oihw));
  const offset = graph.constant(`${layer.name}/bias`, tensor('float32', [layer.outputs], bias));
  return graph.node('Relu', [graph.node('Conv', [x, weight, offset], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] })]);
}

/** In place, BGR to RGB or back: swaps the first and the last of three 3 x 3 planes of each output channel. */
export function reverseInputChannels(oihw: Float32Array, outputs: number): void {
  for (let output = 0; output < outputs; output++) {
    const start = output * 27;
    const first = oihw.slice(start, start + 9);
    oihw.copyWithin(start, start + 18, start + 27);
    oihw.set(first, start + 18);
  }
}

/** The last block's pool as the graph's output. */
export function addPool5(graph: OnnxGraph, pooled: ValueName): void {
  graph.output(flattenPool5(graph, pooled), 'float32', { dims: ['n', POOL5_LENGTH], as: GRAPH_OUTPUT });
}

/** Back to NHWC and flattened: index = (y * 7 + x) * 512 + c. */
function flattenPool5(graph: OnnxGraph, pooled: ValueName): ValueName {
  const channelsLast = graph.node('Transpose', [pooled], { perm: [0, 2, 3, 1] });
  return graph.node('Flatten', [channelsLast], { axis: 1 });
}
