import { findModelOfRun, findRun, listSweepScores } from '@xvision/catalogue';
import { TransientError } from '@xvision/contracts';
import { headCardSchema, inlineTraining, type TrainingPool } from '@xvision/learning';
import { aRunRequested } from '@xvision/testing';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
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

/** With this seed a network that hardly learns does not rank all images rightly by chance. */
const sweep = { learningRates: [1e-9, 0.01], weightDecays: [0, 0.001], seeds: [5] };
const train = (runId: string, trained: Pick<TrainingPool, 'run'> = pool) =>
  trainRun(
    {
      catalogue: store.catalogue,
      blobs: store.blobs,
      pool: { run: trained.run.bind(trained), [Symbol.asyncDispose]: async () => undefined },
    },
    aRunRequested({ runId }),
  );

/** One job after the other; counts the networks that are trained, and breaks off after some of them as a lost machine would. */
function trainingAtMost(limit: number): Pick<TrainingPool, 'run'> & { readonly trained: () => number } {
  let trained = 0;
  let before: Promise<unknown> = Promise.resolve();
  return {
    trained: () => trained,
    run: (job, options) => {
      const own = before.then(async () => {
        if (job.kind === 'train' && trained >= limit) throw new TransientError('the machine was lost');
        if (job.kind === 'train') trained += 1;
        return await pool.run(job, options);
      });
      before = own.catch(() => undefined);
      return own;
    },
  };
}

/** What a run leaves behind that must not depend on what happened on the way. */
async function resultOf(runId: string) {
  const model = await findModelOfRun(store.catalogue, runId);
  const { sha256, card, id } = model ?? { sha256: '', card: undefined, id: '' };
  const scores = await store.catalogue.prisma.testScore.findMany({
    where: { modelId: id },
    orderBy: [{ repeat: 'asc' }, { imageId: 'asc' }],
    select: { imageId: true, repeat: true, fold: true, probabilities: true },
  });
  return { sha256, card: headCardSchema.parse(card), scores };
}

/** Takes the model away, so that the next equal run has to train. */
async function forgetModelOf(runId: string): Promise<void> {
  const modelId = (await findModelOfRun(store.catalogue, runId))?.id ?? '';
  await store.catalogue.prisma.runModel.deleteMany({ where: { modelId } });
  await store.catalogue.prisma.testScore.deleteMany({ where: { modelId } });
  await store.catalogue.prisma.model.delete({ where: { id: modelId } });
}

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
      [1e-9, 0, 5],
      [1e-9, 0.001, 5],
      [0.01, 0, 5],
      [0.01, 0.001, 5],
    ]);
    const best = Math.max(...table.map(({ innerAuc }) => innerAuc));
    const winner = table.find(({ innerAuc }) => innerAuc === best);
    expect(winner?.learningRate).toBe(0.01);
    expect(card.hyperParameters).toMatchObject({ learningRate: 0.01, weightDecay: winner?.weightDecay, seed: 5 });
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

  test('broken off in the middle it goes on where it stood: nothing scored is trained again, and the result is the same', async () => {
    const undisturbed = await aRun(store, [collection], { seed: 21, sweep });
    const whole = trainingAtMost(Number.POSITIVE_INFINITY);
    await train(undisturbed, whole);
    const wanted = await resultOf(undisturbed);
    await forgetModelOf(undisturbed);
    const runId = await aRun(store, [collection], { seed: 21, sweep });
    await expect(train(runId, trainingAtMost(7))).rejects.toThrow('the machine was lost');
    await vi.waitFor(async () => expect(await listSweepScores(store.catalogue, runId)).toHaveLength(7));

    const second = trainingAtMost(Number.POSITIVE_INFINITY);
    expect(await train(runId, second)).toBe('trained');

    expect(second.trained()).toBe(whole.trained() - 7);
    expect(await resultOf(runId)).toEqual(wanted);
    expect(await listSweepScores(store.catalogue, runId)).toEqual([]);
  });

  test('a learning rate under which training diverges ends the sweep with its reason, and nothing is kept', async () => {
    const runId = await aRun(store, [collection], {
      seed: 22,
      epochs: 50,
      sweep: { learningRates: [0.01, 100], weightDecays: [0.9], seeds: [3] },
    });

    expect(await reasonOf(runId)).toMatch(/training diverged.*learning rate below 100/);
    expect(await listSweepScores(store.catalogue, runId)).toEqual([]);
  });

  test('what cannot be swept fails with a reason', async () => {
    const twoFolds = { ...task, split: { kind: 'cross-validation' as const, folds: 2, repeats: 1 } };
    const repeated = { ...task, split: { kind: 'cross-validation' as const, folds: 3, repeats: 2 } };

    expect(await reasonOf(await aRun(store, [collection], { sweep, head: 'logistic' }))).toContain('solved exactly');
    expect(await reasonOf(await aRun(store, [collection], { sweep, task: twoFolds }))).toContain('at least 3 folds');
    expect(await reasonOf(await aRun(store, [collection], { sweep, task: repeated }))).toContain('one repeat');
  });
});
