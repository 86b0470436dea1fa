import { createHash } from 'node:crypto';
import { CONVOLUTIONS, type ConvolutionLayer, kernelLength, PARAMETERS } from './vgg16-architecture.js';

/** Raised when weights cannot be had or are not the right ones; the message says what was found and what to do. */
export class WeightsError extends Error {
  override readonly name = 'WeightsError';
}

/** The weights of VGG16's 13 convolutions and where they come from. */
export interface Vgg16Weights {
  /** Layer by layer, kernel (HWIO) then bias: 14,714,688 float32. Its little-endian bytes make the identity. */
  readonly values: Float32Array;
  /** sha256 over the bytes of `values`; part of every feature key. */
  readonly identity: string;
  /** False for the seeded, He-initialised stand-in, whose features mean nothing. */
  readonly trained: boolean;
  /** For people: the file or package that they were read from. */
  readonly origin: string;
}

export interface LayerWeights {
  readonly layer: ConvolutionLayer;
  /** HWIO: index = ((y * 3 + x) * inputs + i) * outputs + o. */
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
}

/** Views of each layer's kernel and bias inside the values, in order. */
export function layersOf(values: Float32Array): LayerWeights[] {
  if (values.length !== PARAMETERS) {
    throw new WeightsError(`VGG16's convolutions have ${PARAMETERS} weights, not ${values.length}`);
  }
  let offset = 0;
  return CONVOLUTIONS.map((layer) => {
    const kernelEnd = offset + kernelLength(layer);
    const kernel = values.subarray(offset, kernelEnd);
    offset = kernelEnd + layer.outputs;
    return { layer, kernel, bias: values.subarray(kernelEnd, offset) };
  });
}

/** sha256 over the little-endian float32 bytes of the values. */
export function identityOf(values: Float32Array): string {
  return createHash('sha256')
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest('hex');
}
