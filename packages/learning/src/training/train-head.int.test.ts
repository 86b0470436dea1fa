import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { randomStream } from '../random/random-stream.js';
import type { HeadCard } from '../saved/head-card.js';
import { loadHead, ModelMismatchError } from '../saved/load-head.js';
import { DamagedFileError, writeSafetensors } from '../saved/safetensors.js';
import { assignFolds } from '../splits/assign-folds.js';
import type { TrainingState } from './messages.js';
import { gatherRows, type SharedRows, setRow, sharedRows } from './shared-rows.js';
import { trainHead } from './train-head.js';
import { planOf } from './training-plan.js';
import { openTrainingPool, type TrainingPool } from './training-pool.js';
import type { HeadSettings, TrainedHead, TrainingHooks } from './training-request.js';
import { loadTrainingState, saveTrainingState } from './training-state.js';

const WIDTH = 400;
const COUNT = 60;
const classNames = ['normal', 'nodule'];
const labels = Int32Array.from({ length: COUNT }, (_, index) => index % 2);
const settings: HeadSettings = {
  head: 'seed-mlp',
  seed: 1,
  epochs: 4,
  batchSize: 7,
  learningRate: 0.01,
  momentum: 0,
  weightDecay: 0,
};

function someRows(): SharedRows {
  const rows = sharedRows(COUNT, WIDTH);
  const random = randomStream('member', 5);
  for (let row = 0; row < COUNT; row += 1) {
    const pull = (labels[row] ?? 0) * 0.3;
    const values = Float32Array.from({ length: WIDTH }, (_, j) =>
      Math.max(0, random() / 2 ** 32 - 0.6 + (j % 9 ? 0 : pull)),
    );
    setRow(rows, row, { values, name: `image ${row}` });
  }
  return rows;
}

const members = Array.from(labels, (label, index) => ({ patient: `p${index}`, label }));
const split = { kind: 'cross-validation', folds: 3, repeats: 2 } as const;
const plan = planOf(assignFolds(members, { split, classNames, seed: 1 }));

async function bytesOf({ tensors }: TrainedHead): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of writeSafetensors(tensors)) pieces.push(piece);
  return Buffer.concat(pieces);
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

function cardOf(bytes: Uint8Array, head: HeadSettings['head']): HeadCard {
  const { seed, epochs, batchSize, learningRate, momentum, weightDecay } = settings;
  return {
    format: 'xvision-head-1',
    head,
    classes: classNames,
    task: 'nodule',
    backbone: 'vgg16',
    weights: sha256(Buffer.from('weights')),
    trainedBackbone: true,
    preprocessing: 'centre-crop-224-v1',
    numerics: 'float32',
    featureLength: WIDTH,
    hyperParameters: { seed, epochs, batchSize, learningRate, momentum, weightDecay },
    dataset: sha256(Buffer.from('dataset')),
    synthetic: false,
    sha256: sha256(bytes),
  };
}

describe('training a head in threads', () => {
  let rows: SharedRows;
  let one: TrainingPool;
  let three: TrainingPool;
  beforeAll(() => {
    rows = someRows();
    one = openTrainingPool({ threads: 1 });
    three = openTrainingPool({ threads: 3 });
  });
  afterAll(async () => {
    await Promise.all([one, three].map((pool) => pool?.[Symbol.asyncDispose]()));
  });

  const train = (pool: TrainingPool, change: Partial<HeadSettings> = {}, hooks: TrainingHooks = {}) =>
    trainHead(pool, { rows, labels, classes: 2, plan, settings: { ...settings, ...change } }, hooks);

  test('how many threads there are changes nothing, to the last bit', async () => {
    const [alone, side] = [await train(one), await train(three)];

    expect(side.scores).toEqual(alone.scores);
    expect(sha256(await bytesOf(side))).toBe(sha256(await bytesOf(alone)));
  });

  test('a model written twice is the same to the last bit', async () => {
    const head = await train(three);

    expect(sha256(await bytesOf(head))).toBe(sha256(await bytesOf(head)));
  });

  test('another seed is another model', async () => {
    const [first, second] = [await train(three), await train(three, { seed: 2 })];

    expect(sha256(await bytesOf(first))).not.toBe(sha256(await bytesOf(second)));
  });

  test('every image is scored once a repeat by networks that never saw it, and better than by chance', async () => {
    const { scores } = await train(three, { epochs: 10 });

    for (const repeat of [0, 1]) {
      const tested = scores.filter((one) => one.repeat === repeat).flatMap(({ test: places }) => [...places]);
      expect(tested.sort((left, right) => left - right)).toEqual([...labels.keys()]);
    }
    const right = scores.flatMap(({ test: places, probabilities }) =>
      Array.from(places, (place, row) => (probabilities[row * 2 + 1] ?? 0) > 0.5 === (labels[place] === 1)),
    );
    expect(right.filter(Boolean).length / right.length).toBeGreaterThan(0.7);
  });

  test.each([
    ['plain', {}],
    ['with momentum and weight decay', { momentum: 0.9, weightDecay: 0.001 }],
  ])('from a checkpoint of the second epoch training goes on to the same bits, %s', async (_, change) => {
    const saved: Uint8Array[] = [];
    const whole = await train(three, change, {
      onEpoch: async (_member, state: TrainingState) => void saved.push(await saveTrainingState(state)),
    });

    const resumed = await train(one, change, { resume: async () => loadTrainingState(saved[1] ?? new Uint8Array()) });

    expect(saved).toHaveLength(settings.epochs);
    expect(resumed.losses).toEqual(whole.losses);
    expect(sha256(await bytesOf(resumed))).toBe(sha256(await bytesOf(whole)));
  });

  test.each(['seed-mlp', 'seed-ensemble', 'logistic'] as const)(
    'a saved %s scores an image alone as in any batch, and as in training',
    async (head) => {
      const everyone = Int32Array.from(labels.keys());
      const trained = await trainHead(three, {
        rows,
        labels,
        classes: 2,
        plan: { folds: [], delivered: { train: everyone, test: everyone } },
        settings: { ...settings, head },
      });
      const bytes = await bytesOf(trained);
      await using loaded = await loadHead(bytes, cardOf(bytes, head), { preprocessing: 'centre-crop-224-v1' });

      const together = await loaded.score(gatherRows(rows, everyone), COUNT);

      const inTraining = trained.scores[0]?.probabilities ?? new Float64Array();
      expect(together.every((value, index) => Math.abs(value - (inTraining[index] ?? 0)) < 1e-5)).toBe(true);
      for (const row of [0, 31, 59]) {
        const alone = await loaded.score(gatherRows(rows, Int32Array.of(row)), 1);
        expect(Math.abs((alone[1] ?? 0) - (together[row * 2 + 1] ?? 1))).toBeLessThan(1e-5);
      }
    },
  );

  test('one altered byte, a wrong card or other features are refused', async () => {
    const bytes = await bytesOf(await train(three, { head: 'logistic' }));
    const card = cardOf(bytes, 'logistic');
    const altered = Buffer.from(bytes);
    altered[altered.length - 5] = (altered.at(-5) ?? 0) ^ 1;

    await expect(loadHead(altered, card)).rejects.toThrow(DamagedFileError);
    await expect(loadHead(bytes, { ...card, head: 'tree' })).rejects.toThrow(ModelMismatchError);
    await expect(loadHead(bytes, card, { numerics: 'int8-1' })).rejects.toThrow(/numerics float32, these have int8-1/);
    await expect(loadHead(bytes, card, { preprocessing: 'v2' })).rejects.toThrow(/preprocessing .*, these have v2/);
    await expect(loadHead(bytes, card, { backbone: 'resnet' as 'vgg16' })).rejects.toThrow(/these have resnet/);
    await expect(loadHead(bytes, card, { classes: card.classes.toReversed() })).rejects.toThrow(/in this order/);
    const loaded = await loadHead(bytes, card, { classes: card.classes });
    await expect(loaded.score(new Float32Array(WIDTH + 1), 1)).rejects.toThrow(/1 rows of 400 features/);
  });

  test('divergence ends the job with its place and leaves the pool usable', async () => {
    const wild = { learningRate: 100, weightDecay: 0.9, epochs: 50 };

    await expect(train(three, wild)).rejects.toThrow(/diverged.*network 0.*learning rate below 100/);

    await expect(train(three, { epochs: 1 })).resolves.toBeDefined();
  });

  test('a hook that fails ends the training with its own error', async () => {
    const onEpoch = () => Promise.reject(new Error('disk full'));

    await expect(train(one, {}, { onEpoch })).rejects.toThrow('disk full');
  });
});

test('a closed pool ends what is in hand and refuses more', async () => {
  const pool = openTrainingPool({ threads: 1 });
  const rows = someRows();
  const request = { rows, labels, classes: 2, plan, settings: { ...settings, epochs: 10_000 } };
  const running = trainHead(pool, request).catch((error: unknown) => error);
  await pool.run({ kind: 'gram', rows, kernel: sharedRows(COUNT, COUNT), pair: [0, 0] });

  await pool[Symbol.asyncDispose]();

  expect(String(await running)).toMatch(/training (pool was closed|thread ended)/);
  await expect(trainHead(pool, request)).rejects.toThrow('closed');
});
