export interface QuantizedKernel {
  readonly values: Int8Array;
  /** One per output channel; value = int8 x scale. */
  readonly scales: Float32Array;
}

/** Symmetric int8 per output channel: the largest magnitude of a channel becomes 127. Outputs come first (OIHW). */
export function quantizeKernel(kernel: Float32Array, outputs: number): QuantizedKernel {
  const length = kernel.length / outputs;
  const values = new Int8Array(kernel.length);
  const scales = new Float32Array(outputs);
  for (let output = 0; output < outputs; output++) {
    const channel = kernel.subarray(output * length, (output + 1) * length);
    const largest = channel.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const scale = largest === 0 ? 1 : largest / 127;
    scales[output] = scale;
    for (const [index, value] of channel.entries()) values[output * length + index] = Math.round(value / scale);
  }
  return { values, scales };
}
