import { describe, expect, test } from 'vitest';
import { float } from './onnx-attribute.js';
import { OnnxGraph } from './onnx-graph.js';
import { openSession } from './open-session.js';
import { float32Of, tensor } from './tensor.js';

function aDenseLayer(): OnnxGraph {
  const graph = new OnnxGraph('dense');
  const x = graph.input('x', 'float32', ['n', 2]);
  const weights = graph.constant('weights', tensor('float32', [2, 2], Float32Array.of(1, 2, 3, 4)));
  const bias = graph.constant('bias', tensor('float32', [2], Float32Array.of(10, -100)));
  const product = graph.node('Gemm', [x, weights, bias], { alpha: float(0.5), transB: 0 });
  graph.output(graph.node('Relu', [product]), 'float32', { dims: ['n', 2], as: 'y' });
  return graph;
}

describe('OnnxGraph', () => {
  test('a dense layer written by hand computes what the formula says', async () => {
    await using session = await openSession(aDenseLayer().encode());

    const { y } = await session.run({ x: tensor('float32', [2, 2], Float32Array.of(1, 1, 2, 0)) });

    expect(y).toEqual(tensor('float32', [2, 2], Float32Array.of(12, 0, 11, 0)));
  });

  test('a Loop body reads values of the graph around it and carries its state', async () => {
    const graph = new OnnxGraph('sum');
    const x = graph.input('x', 'float32', ['n']);
    const steps = graph.input('steps', 'int64', []);
    const keepGoing = graph.constant('keep-going', tensor('bool', [], Uint8Array.of(1)));
    const zero = graph.constant('zero', tensor('float32', [], Float32Array.of(0)));
    const body = graph.subgraph('body');
    const step = body.input('step', 'int64', []);
    const going = body.input('going', 'bool', []);
    const sum = body.input('sum', 'float32', []);
    body.output(body.node('Identity', [going]), 'bool', { dims: [] });
    body.output(body.node('Add', [sum, body.node('Gather', [x, step])]), 'float32', { dims: [] });
    graph.output(graph.node('Loop', [steps, keepGoing, zero], { body }), 'float32', { dims: [], as: 'total' });
    await using session = await openSession(graph.encode());

    const result = await session.run({
      x: tensor('float32', [4], Float32Array.of(1, 2, 4, 8)),
      steps: tensor('int64', [], BigInt64Array.of(3n)),
    });

    expect(float32Of(result, 'total')[0]).toBe(7);
  });

  test('a node that reads what nobody made is refused by name', () => {
    const graph = new OnnxGraph('broken');
    graph.node('Relu', ['ghost']);

    expect(() => graph.encode()).toThrow('node Relu of graph broken reads "ghost", which nothing makes');
  });

  test('two values of one name are refused', () => {
    const graph = new OnnxGraph('twice');
    graph.input('x', 'float32', [1]);

    expect(() => graph.input('x', 'float32', [1])).toThrow('two values named x');
  });

  test('a fraction given as an int attribute is refused, not cut', () => {
    const graph = new OnnxGraph('fraction');
    const x = graph.input('x', 'float32', [1]);
    graph.node('LeakyRelu', [x], { alpha: 0.1 });

    expect(() => graph.encode()).toThrow('attribute alpha = 0.1 is not an integer; wrap floats in float(…)');
  });

  test('a tensor whose values do not fill its shape is refused', () => {
    expect(() => tensor('float32', [2, 3], new Float32Array(5))).toThrow(
      '5 values do not fill a float32 tensor of shape [2, 3]',
    );
  });
});
