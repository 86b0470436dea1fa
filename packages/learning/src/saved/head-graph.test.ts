import { createHash } from 'node:crypto';
import { VGG16_IMAGENET_WEIGHTS } from '@xvision/contracts';
import { float32Of, OnnxGraph, openSession, tensor } from '@xvision/engines';
import { describe, expect, test } from 'vitest';
import { HIDDEN } from '../heads/dual-state.js';
import { membersOf } from '../training/training-request.js';
import type { HeadCard } from './head-card.js';
import { addHead } from './head-graph.js';
import { loadHead } from './load-head.js';
import { DamagedFileError, type SavedTensor, safetensorsBytes } from './safetensors.js';

const WIDTH = 24;
const ROWS = 7;

/** Numbers between 0 and 1, the same every time. */
function someNumbers(length: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  });
}

function networkTensors(member: number, classes: number): SavedTensor[] {
  const part = (name: string, dims: number[], change = (value: number) => value - 0.5): SavedTensor => {
    const size = dims.reduce((product, one) => product * one, 1);
    return {
      name: `member.${member}.${name}`,
      dims,
      values: someNumbers(size, member * 31 + name.length * 7 + size).map(change),
    };
  };
  const layer = (name: string, inputs: number): SavedTensor[] => [
    part(`${name}Weights`, [inputs, HIDDEN]),
    part(`${name}Mean`, [HIDDEN]),
    part(`${name}Variance`, [HIDDEN], (value) => value + 0.5),
    part(`${name}Gain`, [HIDDEN]),
    part(`${name}Shift`, [HIDDEN]),
  ];
  const output = [part('outputWeights', [HIDDEN, classes]), part('outputBias', [classes])];
  return [...layer('first', WIDTH), ...layer('second', HIDDEN), ...output];
}

function logisticTensors(classes: number): SavedTensor[] {
  const logits = classes === 2 ? 1 : classes;
  const part = (name: string, size: number): SavedTensor => {
    return {
      name,
      dims: [size],
      values: Float64Array.from(someNumbers(size, name.length + size), (value) => value + 0.1),
    };
  };
  return [part('mean', WIDTH), part('deviation', WIDTH), part('weights', WIDTH * logits), part('intercepts', logits)];
}

async function aHead(head: HeadCard['head'], classes: number) {
  const tensors =
    head === 'logistic'
      ? logisticTensors(classes)
      : Array.from({ length: membersOf(head) }, (_, member) => networkTensors(member, classes)).flat();
  const bytes = await safetensorsBytes(tensors);
  const card: HeadCard = {
    format: 'xvision-head-1',
    head,
    classes: Array.from({ length: classes }, (_, k) => `class ${k}`),
    task: 'test',
    backbone: 'vgg16',
    weights: VGG16_IMAGENET_WEIGHTS,
    trainedBackbone: true,
    preprocessing: 'test',
    numerics: 'float32',
    featureLength: WIDTH,
    hyperParameters: { seed: 1, epochs: 1, batchSize: 1, learningRate: 1, momentum: 0, weightDecay: 0 },
    dataset: VGG16_IMAGENET_WEIGHTS,
    synthetic: true,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
  return { bytes, card };
}

describe('a head inside a graph', () => {
  test.each([
    ['seed-mlp', 2],
    ['seed-ensemble', 3],
    ['logistic', 2],
    ['logistic', 3],
  ] as const)('a %s of %i classes gives what the loaded head scores', async (kind, classes) => {
    const { bytes, card } = await aHead(kind, classes);
    await using head = await loadHead(bytes, card);
    const graph = new OnnxGraph('test');
    const rows = graph.input('rows', 'float32', ['n', WIDTH]);
    graph.output(addHead(graph, rows, head), 'float32', { dims: ['n', classes], as: 'probabilities' });
    await using session = await openSession(graph.encode({ notice: 'a test' }));
    const values = someNumbers(ROWS * WIDTH, 5);

    const found = float32Of(await session.run({ rows: tensor('float32', [ROWS, WIDTH], values) }), 'probabilities');

    const expected = await head.score(values, ROWS);
    expect(Math.max(...expected) - Math.min(...expected)).toBeGreaterThan(0.01);
    expected.forEach((probability, index) => {
      expect(found[index]).toBeCloseTo(probability, 5);
    });
  });

  test('a missing tensor is named', async () => {
    const { card } = await aHead('seed-mlp', 2);
    const graph = new OnnxGraph('test');
    const rows = graph.input('rows', 'float32', ['n', WIDTH]);

    expect(() => addHead(graph, rows, { card, tensors: new Map() })).toThrow(
      new DamagedFileError('network 0 of the model has no firstWeights'),
    );
  });
});
