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

/** The kernel of the transposed convolution as a convolution: inputs and outputs change places, both axes are turned. */
export function transposedKernel(kernel: Float32Array, { inputs, outputs }: ConvolutionLayer): Float32Array {
  const result = new Float32Array(kernel.length);
  for (let tap = 0; tap < 9; tap++) {
    for (let input = 0; input < inputs; input++) {
      const from = (tap * inputs + input) * outputs;
      for (let output = 0; output < outputs; output++) {
        result[(input * outputs + output) * 9 + (8 - tap)] = kernel[from + output] ?? 0;
      }
    }
  }
  return result;
}
