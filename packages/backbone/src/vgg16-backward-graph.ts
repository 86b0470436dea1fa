import { OnnxGraph, tensor, type ValueName } from '@xvision/engines';
import { hwioToOihw, transposedKernel } from './kernel-order.js';
import { addInput, addPool5, type GraphInput, isLastOfBlock, reverseInputChannels } from './vgg16-graph.js';
import { type LayerWeights, layersOf, type Vgg16Weights } from './weights.js';

/** How a gradient passes the 13 ReLUs; x is what went in forwards, g the gradient that comes back. */
export type BackwardRule =
  /** g (x > 0): the gradient itself. */
  | 'gradient'
  /** g (x > 0) (g > 0): Springenberg 2014, arXiv 1412.6806. */
  | 'guided-backprop'
  /** g (g > 0): Zeiler & Fergus 2014, arXiv 1311.2901. */
  | 'deconvnet';

/** Further input beside the image: float32 [n, 25088], the gradient with regard to pool5, NHWC. */
export const UPSTREAM_INPUT = 'upstream';
/** Result: float32 [n, 224, 224, 3], with regard to the network's input (BGR, means taken off), channel 0 is blue. */
export const GRADIENT_OUTPUT = 'gradient';

interface Forward {
  readonly layer: LayerWeights;
  /** After the ReLU, which is positive exactly where its input is. */
  readonly activation: ValueName;
  /** Where each maximum stood, for the layers that a pool follows. */
  readonly switches?: ValueName;
}

/**
 * VGG16 forwards to pool5 and back to its input, for runtimes that only infer: transposed convolutions, unpooling by the
 * stored switches (the first maximum in row-major order wins a tie) and one of three rules for the ReLUs.
 */
export function buildVgg16BackwardGraph(
  weights: Vgg16Weights,
  rule: BackwardRule,
  input: GraphInput = 'uint8',
): Uint8Array {
  const graph = new OnnxGraph('vgg16-backward');
  const { layers, pool5 } = addForward(graph, weights, addInput(graph, input));
  addPool5(graph, pool5);
  const flat = graph.input(UPSTREAM_INPUT, 'float32', ['n', 25_088]);
  const shape = graph.constant('pool5-shape', tensor('int64', [4], BigInt64Array.of(-1n, 7n, 7n, 512n)));
  let gradient = graph.node('Transpose', [graph.node('Reshape', [flat, shape])], { perm: [0, 3, 1, 2] });
  for (const { layer, activation, switches } of layers.toReversed()) {
    if (switches !== undefined) {
      gradient = graph.node('MaxUnpool', [gradient, switches], { kernel_shape: [2, 2], strides: [2, 2] });
    }
    gradient = throughRelu(graph, { gradient, activation, rule });
    gradient = throughConvolution(graph, gradient, layer);
  }
  const channelsLast = graph.node('Transpose', [gradient], { perm: [0, 2, 3, 1] });
  graph.output(channelsLast, 'float32', { dims: ['n', 224, 224, 3], as: GRADIENT_OUTPUT });
  return graph.encode();
}

function addForward(
  graph: OnnxGraph,
  { values }: Vgg16Weights,
  input: ValueName,
): { layers: Forward[]; pool5: ValueName } {
  const layers: Forward[] = [];
  let x = input;
  for (const [index, layer] of layersOf(values).entries()) {
    const { name, inputs, outputs } = layer.layer;
    const kernel = hwioToOihw(layer.kernel, layer.layer);
    if (inputs === 3) reverseInputChannels(kernel, outputs);
    const weight = graph.constant(`${name}/kernel`, tensor('float32', [outputs, inputs, 3, 3], kernel));
    const bias = graph.constant(`${name}/bias`, tensor('float32', [outputs], layer.bias));
    const sums = graph.node('Conv', [x, weight, bias], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] });
    const activation = graph.node('Relu', [sums]);
    if (!isLastOfBlock(index)) {
      layers.push({ layer, activation });
      x = activation;
    } else {
      const attributes = { kernel_shape: [2, 2], strides: [2, 2] };
      const [pooled = '', switches = ''] = graph.nodes('MaxPool', [activation], { attributes, outputs: 2 });
      layers.push({ layer, activation, switches });
      x = pooled;
    }
  }
  return { layers, pool5: x };
}

function throughRelu(
  graph: OnnxGraph,
  { gradient, activation, rule }: { gradient: ValueName; activation: ValueName; rule: BackwardRule },
): ValueName {
  const positive = rule === 'gradient' ? gradient : graph.node('Relu', [gradient]);
  if (rule === 'deconvnet') return positive;
  const mask = graph.node('Sign', [activation]); // 1 where it is positive, 0 where the ReLU cut it
  return graph.node('Mul', [positive, mask]);
}

/** The transposed convolution, written as a convolution with the kernel turned round: the runtime's quick path. */
function throughConvolution(graph: OnnxGraph, gradient: ValueName, { layer, kernel }: LayerWeights): ValueName {
  const { name, inputs, outputs } = layer;
  const turned = tensor('float32', [inputs, outputs, 3, 3], transposedKernel(kernel, layer));
  const weight = graph.constant(`${name}/transposed`, turned);
  return graph.node('Conv', [gradient, weight], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] });
}
