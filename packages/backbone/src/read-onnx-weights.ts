import { type OnnxConstants, readOnnxConstants } from '@xvision/engines';
import { oihwToHwio } from './kernel-order.js';
import { type ConvolutionLayer, PARAMETERS } from './vgg16-architecture.js';
import { layersOf, WeightsError } from './weights.js';

/**
 * Reads the 13 layers out of an ONNX model that holds a VGG16 under Keras' layer names (tf2onnx keeps them inside
 * longer ones, `…/block1_conv1_1/convolution/…`). Throws {@link WeightsError} where a layer is missing or shaped otherwise.
 */
export function readOnnxWeights(model: Uint8Array, origin: string): Float32Array {
  let constants: OnnxConstants;
  try {
    constants = readOnnxConstants(model);
  } catch (error) {
    throw new WeightsError(`${origin}: ${error instanceof Error ? error.message : String(error)}. Fetch it again.`, {
      cause: error,
    });
  }
  const values = new Float32Array(PARAMETERS);
  for (const { layer, kernel, bias } of layersOf(values)) {
    const found = constantsOf(constants, { layer, rank: 4, origin });
    kernel.set(oihwToHwio(found, layer));
    bias.set(constantsOf(constants, { layer, rank: 1, origin }));
  }
  return values;
}

function constantsOf(
  constants: OnnxConstants,
  { layer, rank, origin }: { layer: ConvolutionLayer; rank: 1 | 4; origin: string },
): Float32Array {
  const shape = rank === 4 ? [layer.outputs, layer.inputs, 3, 3] : [layer.outputs];
  const ofLayer = [...constants].filter(([name]) => name.includes(layer.name));
  const found = ofLayer.find(([, { dims }]) => dims.join() === shape.join());
  if (found === undefined) {
    const seen = ofLayer.map(([name, { dims }]) => `${name} [${dims.join(', ')}]`).join('; ');
    throw new WeightsError(
      `${origin}: no constant of layer ${layer.name} has shape [${shape.join(', ')}]; found ${seen || 'none'}.`,
    );
  }
  return found[1].data;
}
