import path from 'node:path';
import { projectRoot } from '@xvision/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { randomStream } from '../random/random-stream.js';
import { valuesOf } from '../saved/safetensors.js';
import { type SharedRows, setRow, sharedRows } from './shared-rows.js';
import { trainHead } from './train-head.js';
import { openTrainingPool, type TrainingPool } from './training-pool.js';
import type { HeadSettings, TrainedHead } from './training-request.js';

/** Where CI puts TensorFlow.js' native package; without it the same is checked in plain JavaScript. */
const nativeModules =
  process.env['XVISION_NATIVE_MODULES'] ?? path.join(projectRoot(), '.xvision', 'cache', 'native-modules');

const WIDTH = 200;
const COUNT = 24;
const EPOCHS = 20;
const labels = Int32Array.from({ length: COUNT }, (_, index) => index % 2);
const plain: HeadSettings = {
  head: 'seed-mlp',
  seed: 1,
  epochs: EPOCHS,
  batchSize: 8,
  learningRate: 0.01,
  momentum: 0,
  weightDecay: 0,
};

function someRows(): SharedRows {
  const rows = sharedRows(COUNT, WIDTH);
  const random = randomStream('member', 5);
  for (let row = 0; row < COUNT; row += 1) {
    const values = Float32Array.from({ length: WIDTH }, () => Math.max(0, random() / 2 ** 32 - 0.4));
    setRow(rows, row, { values, name: `image ${row}` });
  }
  return rows;
}

async function tensorsOf({ tensors }: TrainedHead): Promise<Map<string, Float32Array>> {
  const values = await Promise.all(tensors.map(async (one) => [one.name, await valuesOf(one)] as const));
  return new Map(values.map(([name, numbers]) => [name, Float32Array.from(numbers)]));
}

const furthest = (left: ArrayLike<number>, right: ArrayLike<number>): number =>
  Array.from(left, (value, index) => Math.abs(value - (right[index] ?? Number.NaN))).reduce(
    (most, one) => Math.max(most, one),
    0,
  );

describe('the dual form on ONNX Runtime and the ordinary form on TensorFlow.js', () => {
  const rows = someRows();
  const everyone = Int32Array.from(labels.keys());
  let pool: TrainingPool;
  beforeAll(() => {
    pool = openTrainingPool({ threads: 1, nativeModules });
  });
  afterAll(() => pool[Symbol.asyncDispose]());

  const train = (form: 'dual' | 'ordinary', change: Partial<HeadSettings>) =>
    trainHead(pool, {
      rows,
      labels,
      classes: 2,
      plan: { folds: [], delivered: { train: everyone.subarray(4), test: everyone.subarray(0, 4) } },
      settings: { ...plain, ...change },
      form,
    });

  test.each([
    ['plain SGD', {}],
    ['momentum, weight decay and one order', { momentum: 0.8, weightDecay: 0.01, order: 'fixed' }],
  ] as const)(
    '%s: losses agree to 1e-4, predictions to 1e-3 and the saved weights after 20 epochs',
    async (_, change) => {
      const dual = await train('dual', change);
      const ordinary = await train('ordinary', change);

      const [wanted = [], got = []] = [dual.losses[0], ordinary.losses[0]];
      expect(got).toHaveLength(EPOCHS);
      for (const [epoch, loss] of got.entries()) {
        expect(Math.abs(loss - (wanted[epoch] ?? 0)) / (wanted[epoch] ?? 0)).toBeLessThan(1e-4);
      }
      const [dualScores, ordinaryScores] = [dual, ordinary].map(({ scores }) => scores[0]?.probabilities ?? []);
      expect(ordinaryScores).toHaveLength(8);
      expect(furthest(ordinaryScores ?? [], dualScores ?? [])).toBeLessThan(1e-3);
      const [left, right] = [await tensorsOf(dual), await tensorsOf(ordinary)];
      expect([...right.keys()]).toEqual([...left.keys()]);
      for (const [name, values] of left) expect(furthest(right.get(name) ?? [], values), name).toBeLessThan(1e-3);
    },
  );

  test('the ordinary form trained twice is the same to the last bit', async () => {
    const [first, second] = [await train('ordinary', { epochs: 2 }), await train('ordinary', { epochs: 2 })];

    expect(await tensorsOf(second)).toEqual(await tensorsOf(first));
    expect(second.scores).toEqual(first.scores);
  });

  test.each(['dual', 'ordinary'] as const)('the %s form says when training diverges', async (form) => {
    const wild = { learningRate: 100, weightDecay: 0.9, epochs: 50 };

    await expect(train(form, wild)).rejects.toThrow(/training diverged.*learning rate below 100/);
  });
});
