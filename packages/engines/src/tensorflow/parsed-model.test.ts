import { describe, expect, test } from 'vitest';
import { OnnxGraph } from '../onnx-graph.js';
import { tensor } from '../tensor.js';
import { parseModel } from './parsed-model.js';

describe('what TensorFlow.js reads of an ONNX model', () => {
  test('nodes in order with their integer attributes, and constants with their values', async () => {
    const graph = new OnnxGraph('model');
    const x = graph.input('x', 'float32', [1, 2]);
    const shape = graph.constant('shape', tensor('int64', [2], BigInt64Array.of(2n, -1n)));
    graph.output(graph.node('Reshape', [x, shape], { allowzero: 0 }), 'float32', { dims: [2, 1], as: 'y' });

    const model = await parseModel(graph.encode());

    expect(model.inputs).toEqual(['x']);
    expect(model.outputs).toEqual(['y']);
    expect(model.nodes.map(({ operator }) => operator)).toEqual(['Reshape', 'Identity']);
    expect(model.nodes[0]?.integers).toEqual({ allowzero: [0] });
    expect(model.constants.get('shape')).toEqual({ dims: [2], data: BigInt64Array.of(2n, -1n) });
  });

  test('a node with several outputs is refused, since the interpreter would lose them', async () => {
    const graph = new OnnxGraph('model');
    const x = graph.input('x', 'float32', [1, 1, 2, 2]);
    graph.nodes('MaxPool', [x], { attributes: { kernel_shape: [2, 2] }, outputs: 2 });

    await expect(parseModel(graph.encode())).rejects.toThrow('node MaxPool has not exactly one output');
  });
});
