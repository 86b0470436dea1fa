import { describe, expect, test } from 'vitest';
import { hwioToOihw, oihwToHwio, transposedKernel } from './kernel-order.js';
import { reverseInputChannels } from './vgg16-graph.js';

const layer = { name: 'a', block: 1, inputs: 3, outputs: 4 };
const hwio = Float32Array.from({ length: 108 }, (_, index) => index);

describe('kernel orders', () => {
  test('tap, input and output channel land where ONNX looks for them', () => {
    const oihw = hwioToOihw(hwio, layer);

    // y 2, x 1, input 0, output 3
    expect(oihw[(3 * 3 + 0) * 9 + 2 * 3 + 1]).toBe(hwio[((2 * 3 + 1) * 3 + 0) * 4 + 3]);
  });

  test('there and back is the same kernel', () => {
    expect(oihwToHwio(hwioToOihw(hwio, layer), layer)).toEqual(hwio);
  });

  test('reversing the input channels swaps blue and red and leaves green', () => {
    const oihw = hwioToOihw(hwio, layer);
    const before = oihw.slice();

    reverseInputChannels(oihw, 4);

    expect(oihw.slice(27, 36)).toEqual(before.slice(45, 54));
    expect(oihw.slice(36, 45)).toEqual(before.slice(36, 45));
    expect(oihw.slice(45, 54)).toEqual(before.slice(27, 36));
  });

  test('the transposed kernel swaps channels and turns both axes', () => {
    const transposed = transposedKernel(hwio, layer);

    // output channel (was input) 2, input channel (was output) 1, y 0, x 2 comes from y 2, x 0
    expect(transposed[(2 * 4 + 1) * 9 + 0 * 3 + 2]).toBe(hwio[((2 * 3 + 0) * 3 + 2) * 4 + 1]);
  });
});
