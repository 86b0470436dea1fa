import { array, assert, float, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quantizeKernel } from './quantize-kernel.js';

describe('quantizeKernel', () => {
  test('each output channel has its own scale, and its largest magnitude becomes 127', () => {
    const { values, scales } = quantizeKernel(Float32Array.of(0.51, -1, 0.25, 101, 50, -200), 2);

    expect(values).toEqual(Int8Array.of(65, -127, 32, 64, 32, -127));
    expect(scales[0]).toBeCloseTo(1 / 127, 6);
    expect(scales[1]).toBeCloseTo(200 / 127, 5);
  });

  test('no value is off by more than half a step', () => {
    const kernels = array(float({ min: -8, max: 8, noNaN: true }), { minLength: 4, maxLength: 40 });
    assert(
      property(kernels, (numbers) => {
        const kernel = Float32Array.from(numbers);

        const { values, scales } = quantizeKernel(kernel, 1);

        const step = scales[0] ?? Number.NaN;
        for (const [index, value] of kernel.entries()) {
          expect(Math.abs(value - (values[index] ?? Number.NaN) * step)).toBeLessThanOrEqual(step * 0.5001 + 1e-30);
        }
      }),
    );
  });

  test('a channel of zeros stays one', () => {
    expect(quantizeKernel(new Float32Array(9), 1).values).toEqual(new Int8Array(9));
  });
});
