import { describe, expect, test } from 'vitest';
import { OnnxGraph } from './onnx-graph.js';
import { readOnnxConstants } from './read-onnx-constants.js';
import { tensor } from './tensor.js';

function aModel(): Uint8Array {
  const graph = new OnnxGraph('constants');
  graph.constant('odd', tensor('uint8', [1], Uint8Array.of(7)));
  graph.constant('weights', tensor('float32', [2, 2], Float32Array.of(1.5, -2, 3, 4)));
  return graph.encode();
}

describe('readOnnxConstants', () => {
  test.each([
    ['plain bytes', aModel()],
    ['a Buffer, as a file is read', Buffer.concat([aModel()])],
  ])('gives the float32 constants of a model from %s', (_, model) => {
    const constants = readOnnxConstants(model);

    expect([...constants]).toEqual([['weights', { dims: [2, 2], data: Float32Array.of(1.5, -2, 3, 4) }]]);
  });

  test('a model that is cut short is refused', () => {
    expect(() => readOnnxConstants(aModel().subarray(0, 40))).toThrow('not an ONNX model, or it is cut short');
  });
});
