import { OnnxGraph, tensor, type ValueName } from '@xvision/engines';
import { hwioToOihw } from '../kernel-order.js';
import { addConvolution, addInput, addPool5, isLastOfBlock } from '../vgg16-graph.js';
import { type LayerWeights, layersOf, type Vgg16Weights, WeightsError } from '../weights.js';
import type { Calibration } from './calibrate.js';
import { quantizeKernel } from './quantize-kernel.js';

/** Activations are never negative after a ReLU, so all 256 steps of uint8 cover 0 to the calibrated maximum. */
const STEPS = 255;

/**
 * VGG16 with 8-bit arithmetic from the second convolution on, in ONNX's QDQ form (static, kernels per output channel):
 * about three times quicker on CPUs with VNNI, and off by several per cent. The first convolution stays in float: it is 1 %
 * of the work and takes values of both signs. Throws when the calibration is of other weights.
 */
export function buildInt8Graph(weights: Vgg16Weights, calibration: Calibration): Uint8Array {
  if (calibration.weights !== weights.identity) {
    throw new WeightsError(
      `the calibration is of weights ${calibration.weights}, not of ${weights.identity}; calibrate again`,
    );
  }
  const graph = new OnnxGraph('vgg16-int8');
  const zero = graph.constant('zero', tensor('uint8', [], Uint8Array.of(0)));
  let x = addInput(graph);
  let scale = 0;
  for (const [index, layer] of layersOf(weights.values).entries()) {
    const previous = scale;
    scale = (calibration.maxima[index] ?? 0) / STEPS;
    const sums =
      index === 0 ? addConvolution(graph, x, layer) : addConvolutionInt8(graph, x, { layer, scale: previous });
    const step = graph.constant(`${layer.layer.name}/scale`, tensor('float32', [], Float32Array.of(scale)));
    // Rounding into uint8 cuts what is negative, so it is the ReLU as well.
    x = roundTrip(graph, sums, step, zero);
    if (isLastOfBlock(index)) {
      x = graph.node('MaxPool', [x], { kernel_shape: [2, 2], strides: [2, 2] });
      if (index < calibration.maxima.length - 1) x = roundTrip(graph, x, step, zero);
    }
  }
  addPool5(graph, x);
  return graph.encode();
}

// oxlint-disable-next-line max-params -- a value, its scale and its zero point are what ONNX's operator takes
function roundTrip(graph: OnnxGraph, x: ValueName, scale: ValueName, zero: ValueName): ValueName {
  return graph.node('DequantizeLinear', [graph.node('QuantizeLinear', [x, scale, zero]), scale, zero]);
}

function addConvolutionInt8(
  graph: OnnxGraph,
  x: ValueName,
  { layer: { layer, kernel, bias }, scale }: { layer: LayerWeights; scale: number },
): ValueName {
  const { name, inputs, outputs } = layer;
  const { values, scales } = quantizeKernel(hwioToOihw(kernel, layer), outputs);
  const perChannel = (label: string, numbers: Float32Array): ValueName =>
    graph.constant(`${name}/${label}`, tensor('float32', [outputs], numbers));
  const dequantizedKernel = graph.node(
    'DequantizeLinear',
    [
      graph.constant(`${name}/kernel`, tensor('int8', [outputs, inputs, 3, 3], values)),
      perChannel('kernel-scale', scales),
      graph.constant(`${name}/kernel-zero`, tensor('int8', [outputs], new Int8Array(outputs))),
    ],
    { axis: 0 },
  );
  const biasScales = scales.map((kernelScale) => kernelScale * scale);
  const biasValues = Int32Array.from(bias, (value, output) => Math.round(value / (biasScales[output] ?? 1)));
  const dequantizedBias = graph.node(
    'DequantizeLinear',
    [
      graph.constant(`${name}/bias`, tensor('int32', [outputs], biasValues)),
      perChannel('bias-scale', biasScales),
      graph.constant(`${name}/bias-zero`, tensor('int32', [outputs], new Int32Array(outputs))),
    ],
    { axis: 0 },
  );
  return graph.node('Conv', [x, dequantizedKernel, dequantizedBias], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] });
}
