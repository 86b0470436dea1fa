import { findModelOfRun, findRun } from '@xvision/catalogue';
import { headCardSchema, inlineTraining, type TrainingPool } from '@xvision/learning';
import { aRunRequested } from '@xvision/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aCollection, aRun, openTestStore, someImages, type TestStore, task } from './a-collection.js';
import { trainRun } from './train-run.js';

let store: TestStore;
let pool: TrainingPool;
let collection: string;
beforeAll(async () => {
  store = await openTestStore();
  pool = inlineTraining();
  collection = await aCollection(store, someImages(24), 'two-classes');
});
afterAll(async () => {
  await pool?.[Symbol.asyncDispose]();
  await store?.[Symbol.asyncDispose]();
});

const sweep = { learningRates: [1e-9, 0.01], weightDecays: [0, 0.001], seeds: [3] };
const train = (runId: string) =>
  trainRun({ catalogue: store.catalogue, blobs: store.blobs, pool }, aRunRequested({ runId }));

async function reasonOf(runId: string): Promise<string> {
  expect(await train(runId)).toBe('failed');
  return (await findRun(store.catalogue, runId))?.message ?? '';
}

describe('a run that sweeps', () => {
  test('delivers a model under the best setting, tests every image once, and keeps the table', async () => {
    const runId = await aRun(store, [collection], { sweep });

    expect(await train(runId)).toBe('trained');

    const model = await findModelOfRun(store.catalogue, runId);
    const card = headCardSchema.parse(model?.card);
    const table = card.sweep ?? [];
    expect(table.map(({ learningRate, weightDecay, seed }) => [learningRate, weightDecay, seed])).toEqual([
      [1e-9, 0, 3],
      [1e-9, 0.001, 3],
      [0.01, 0, 3],
      [0.01, 0.001, 3],
    ]);
    const best = Math.max(...table.map(({ innerAuc }) => innerAuc));
    const winner = table.find(({ innerAuc }) => innerAuc === best);
    expect(winner?.learningRate).toBe(0.01);
    expect(card.hyperParameters).toMatchObject({ learningRate: 0.01, weightDecay: winner?.weightDecay, seed: 3 });
    const scores = await store.catalogue.prisma.testScore.findMany({ where: { modelId: model?.id ?? '' } });
    expect(scores).toHaveLength(24);
    expect(new Set(scores.map(({ imageId }) => imageId)).size).toBe(24);
    expect(table.reduce((sum, { chosenIn }) => sum + chosenIn, 0)).toBe(new Set(scores.map(({ fold }) => fold)).size);
  });

  test('is another model than the same run without a sweep, and the same one asked for again', async () => {
    const [plain, first, second] = [
      await aRun(store, [collection], { seed: 9 }),
      await aRun(store, [collection], { seed: 9, sweep }),
      await aRun(store, [collection], { seed: 9, sweep }),
    ];

    expect([await train(plain), await train(first), await train(second)]).toEqual(['trained', 'trained', 'reused']);
  });

  test('what cannot be swept fails with a reason', async () => {
    const twoFolds = { ...task, split: { kind: 'cross-validation' as const, folds: 2, repeats: 1 } };
    const repeated = { ...task, split: { kind: 'cross-validation' as const, folds: 3, repeats: 2 } };

    expect(await reasonOf(await aRun(store, [collection], { sweep, head: 'logistic' }))).toContain('solved exactly');
    expect(await reasonOf(await aRun(store, [collection], { sweep, task: twoFolds }))).toContain('at least 3 folds');
    expect(await reasonOf(await aRun(store, [collection], { sweep, task: repeated }))).toContain('one repeat');
  });
});
