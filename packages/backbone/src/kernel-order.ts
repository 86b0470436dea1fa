import type { ConvolutionLayer } from './vgg16-architecture.js';

/** ONNX's OIHW kernel from Keras' HWIO. */
export function hwioToOihw(kernel: Float32Array, { inputs, outputs }: ConvolutionLayer): Float32Array {
  const result = new Float32Array(kernel.length);
  for (let tap = 0; tap < 9; tap++) {
    for (let input = 0; input < inputs; input++) {
      const from = (tap * inputs + input) * outputs;
      for (let output = 0; output < outputs; output++) {
        result[(output * inputs + input) * 9 + tap] = kernel[from + output] ?? 0;
      }
    }
  }
  return result;
}

/** Keras' HWIO kernel from ONNX's OIHW. */
export function oihwToHwio(kernel: Float32Array, { inputs, outputs }: ConvolutionLayer): Float32Array {
  const result = new Float32Array(kernel.length);
  for (let tap = 0; tap < 9; tap++) {
    for (let input = 0; input < inputs; input++) {
      const to = (tap * inputs + input) * outputs;
      for (let output = 0; output < outputs; output++) {
        result[to + output] = kernel[(output * inputs + input) * 9 + tap] ?? 0;
      }
    }
  }
  return result;
}
