import { float32Of, OnnxGraph, openSession, tensor } from '@xvision/engines';
import { describe, expect, test } from 'vitest';
import { addConvolution } from './vgg16-graph.js';
import type { LayerWeights } from './weights.js';
import { addTransforms, addWinogradConvolution } from './winograd-convolution.js';

/** Numbers in [-1, 1) that are the same in every run. */
function noise(length: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state / 2 ** 31;
  });
}

function aLayer(inputs: number, outputs: number): LayerWeights {
  const layer = { name: 'layer', block: 2, inputs, outputs };
  return { layer, kernel: noise(9 * inputs * outputs, 1), bias: noise(outputs, 2) };
}

describe('addWinogradConvolution', () => {
  test.each([
    { side: 8, inputs: 4, outputs: 5, images: 1 },
    { side: 14, inputs: 4, outputs: 3, images: 2 },
    { side: 4, inputs: 1, outputs: 1, images: 3 },
    { side: 13, inputs: 7, outputs: 2, images: 1 },
  ])('equals the direct convolution on $side x $side pixels, $inputs to $outputs channels', async (shape) => {
    const { side, inputs, outputs, images } = shape;
    const weights = aLayer(inputs, outputs);
    const graph = new OnnxGraph('both');
    const dims = ['n', inputs, side, side];
    const x = graph.input('x', 'float32', dims);
    const transforms = addTransforms(graph);
    graph.output(addWinogradConvolution(graph, x, { weights, side, transforms }), 'float32', { dims, as: 'winograd' });
    const direct = { ...weights, layer: { ...weights.layer, name: 'direct' } };
    graph.output(addConvolution(graph, x, direct), 'float32', { dims, as: 'direct' });
    await using session = await openSession(graph.encode());

    const pixels = tensor('float32', [images, inputs, side, side], noise(images * inputs * side * side, 3));
    const result = await session.run({ x: pixels });

    const expected = float32Of(result, 'direct');
    const largest = expected.reduce((most, value) => Math.max(most, value), 0);
    expect(largest).toBeGreaterThan(0);
    for (const [index, value] of float32Of(result, 'winograd').entries()) {
      expect(Math.abs(value - (expected[index] ?? Number.NaN))).toBeLessThan(1e-5 * largest + 1e-6);
    }
  });
});
