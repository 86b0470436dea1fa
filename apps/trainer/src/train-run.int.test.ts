import { findDataset, findModelOfRun, findRun, listEvents, recordWeights } from '@xvision/catalogue';
import { datasetFrozen, epochCompleted, modelTrained, POOL5_LENGTH, PoisonMessageError } from '@xvision/contracts';
import { inlineTraining, loadHead, type TrainingPool } from '@xvision/learning';
import { aRunRequested } from '@xvision/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  aCollection,
  aRun,
  openTestStore,
  sha256,
  someFeatures,
  someImages,
  type TestStore,
  task,
} from './a-collection.js';
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

const needs = () => ({ catalogue: store.catalogue, blobs: store.blobs, pool });
const train = (runId: string) => trainRun(needs(), aRunRequested({ runId }));
const eventsOf = async (runId: string, type: string) =>
  (await listEvents(store.catalogue, { about: runId })).filter(({ envelope }) => envelope.type === type);

async function scoresOf(runId: string): Promise<number[]> {
  const model = await findModelOfRun(store.catalogue, runId);
  const rows = await store.catalogue.prisma.testScore.findMany({
    where: { modelId: model?.id ?? '' },
    orderBy: { imageId: 'asc' },
  });
  return rows.flatMap(({ probabilities }) => probabilities);
}

/** A run that is expected to fail: its reason. */
async function reasonOf(runId: string): Promise<string> {
  expect(await train(runId)).toBe('failed');
  const run = await findRun(store.catalogue, runId);
  expect(run).toMatchObject({ state: 'failed', datasetSha256: null });
  expect(await findModelOfRun(store.catalogue, runId)).toBeUndefined();
  return run?.message ?? '';
}

describe('training a run', () => {
  test('freezes the dataset, trains every fold and the delivered model, and hands it over', async () => {
    const runId = await aRun(store, [collection]);

    expect(await train(runId)).toBe('trained');

    const run = await findRun(store.catalogue, runId);
    const model = await findModelOfRun(store.catalogue, runId);
    expect(run).toMatchObject({ state: 'trained', datasetSha256: model?.datasetSha256 });
    const [frozen] = await eventsOf(runId, datasetFrozen.subject);
    expect(frozen?.envelope.data).toMatchObject({ images: 24, patients: 24, perClass: { normal: 12, nodule: 12 } });
    const epochs = (await eventsOf(runId, epochCompleted.subject)).map(({ envelope }) => envelope.data);
    expect(epochs.map((data) => (data as { epoch: number }).epoch)).toEqual([1, 2, 3]);
    const [trained] = await eventsOf(runId, modelTrained.subject);
    expect(trained?.envelope.data).toMatchObject({ modelId: model?.id, modelSha256: model?.sha256 });
    const scores = await store.catalogue.prisma.testScore.findMany({ where: { modelId: model!.id } });
    expect(new Set(scores.map(({ imageId }) => imageId)).size).toBe(24);
    expect(scores.every(({ probabilities: [p = 0, q = 0] }) => Math.abs(p + q - 1) < 1e-6)).toBe(true);
    expect(await store.catalogue.prisma.epoch.count({ where: { runId } })).toBe(4 * 3);
    const checkpoints = await store.catalogue.prisma.checkpoint.findMany({ where: { runId } });
    expect(checkpoints.map(({ epoch }) => epoch)).toEqual([3]);
  });

  test('the delivered model scores images, alone and together alike, and says which features it wants', async () => {
    const runId = await aRun(store, [collection]); // the same as above: its model is there
    await train(runId);
    const model = await findModelOfRun(store.catalogue, runId);
    const rows = new Float32Array(4 * POOL5_LENGTH);
    for (let i = 0; i < 4; i += 1) rows.set(someFeatures(100 + i, i % 2), i * POOL5_LENGTH);

    await using head = await loadHead(await store.blobs.get(model!.sha256), model!.card, { numerics: 'float32' });
    const together = await head.score(rows, 4);
    const alone = await head.score(rows.slice(2 * POOL5_LENGTH, 3 * POOL5_LENGTH), 1);

    expect(Math.abs(together[4]! - alone[0]!)).toBeLessThan(1e-5);
    expect(head.card.classes).toEqual(['normal', 'nodule']);
  });

  test('says in which form its networks are trained and on what, in its row and in the card of its model', async () => {
    const runId = await aRun(store, [collection], { seed: 30, epochs: 1 });

    expect(await train(runId)).toBe('trained');

    const training = (await findRun(store.catalogue, runId))?.training;
    expect(training).toMatchObject({ form: 'dual', reason: 'dual form, N = 24 < D = 25,088' });
    expect(training?.engine).toMatch(/^onnxruntime-node \d.* on ./);
    expect((await findModelOfRun(store.catalogue, runId))?.card).toMatchObject({ training });
  });

  test('the ordinary form on request is another computation of the same network', async () => {
    const settings = {
      seed: 31,
      epochs: 1,
      batchSize: 24,
      task: { ...task, split: { kind: 'holdout' as const, testFraction: 0.25 } },
    };
    const [dual, ordinary] = [
      await aRun(store, [collection], settings),
      await aRun(store, [collection], { ...settings, form: 'ordinary' }),
    ];

    expect([await train(dual), await train(ordinary)]).toEqual(['trained', 'trained']);

    expect((await findRun(store.catalogue, ordinary))?.training).toMatchObject({ form: 'ordinary' });
    const [wanted = [], got = []] = await Promise.all([dual, ordinary].map(scoresOf));
    expect(got.length).toBeGreaterThan(0);
    for (const [index, score] of got.entries()) expect(Math.abs(score - (wanted[index] ?? 9))).toBeLessThan(1e-3);
  });

  test('one order of images for all epochs on request gives another model, the same one every time', async () => {
    const settings = { seed: 32, head: 'seed-mlp' as const };
    const shuffled = await aRun(store, [collection], settings);
    const fixed = await aRun(store, [collection], { ...settings, order: 'fixed' });

    expect([await train(shuffled), await train(fixed)]).toEqual(['trained', 'trained']);

    const models = await Promise.all([shuffled, fixed].map((id) => findModelOfRun(store.catalogue, id)));
    expect(models[1]?.sha256).not.toBe(models[0]?.sha256);
    expect(models[1]?.card).toMatchObject({ hyperParameters: { order: 'fixed' } });
    expect(await train(await aRun(store, [collection], { ...settings, order: 'fixed' }))).toBe('reused');
  });

  test('delivered twice has one effect', async () => {
    const runId = await aRun(store, [collection], { seed: 5 });
    const event = aRunRequested({ runId });

    const outcomes = [await trainRun(needs(), event), await trainRun(needs(), event)];

    expect(outcomes).toEqual(['trained', 'repeated']);
    expect(await eventsOf(runId, modelTrained.subject)).toHaveLength(1);
  });

  test('the same settings on the same images take the model that is there, with its loss curves', async () => {
    const [first, second] = [
      await aRun(store, [collection], { seed: 6 }),
      await aRun(store, [collection], { seed: 6 }),
    ];

    const outcomes = [await train(first), await train(second)];

    expect(outcomes).toEqual(['trained', 'reused']);
    const models = await Promise.all([first, second].map((id) => findModelOfRun(store.catalogue, id)));
    expect(models[1]).toEqual(models[0]);
    expect(await store.catalogue.prisma.epoch.count({ where: { runId: second } })).toBe(12);
    expect(await findRun(store.catalogue, second)).toMatchObject({ state: 'trained' });
  });

  test('trained again from nothing it is the same to the last bit', async () => {
    const runId = await aRun(store, [collection], { seed: 7 });
    await train(runId);
    const model = await findModelOfRun(store.catalogue, runId);
    await store.catalogue.prisma.$executeRaw`DELETE FROM run_model WHERE run_id = ${runId}::uuid`;
    await store.catalogue.prisma.$executeRaw`DELETE FROM test_score WHERE model_id = ${model!.id}::uuid`;
    await store.catalogue.prisma.$executeRaw`DELETE FROM model WHERE id = ${model!.id}::uuid`;

    const again = await aRun(store, [collection], { seed: 7 });
    expect(await train(again)).toBe('trained');

    const second = await findModelOfRun(store.catalogue, again);
    expect(second).toMatchObject({ sha256: model?.sha256, contentKey: model?.contentKey });
  });

  test.each(['logistic', 'seed-ensemble'] as const)('the %s head goes the same way', async (head) => {
    const runId = await aRun(store, [collection], { head, epochs: 2 });

    expect(await train(runId)).toBe('trained');

    const members = head === 'logistic' ? 1 : 5;
    const delivered = await store.catalogue.prisma.epoch.findMany({ where: { runId, fold: -1 } });
    expect(delivered).toHaveLength(head === 'logistic' ? 1 : members * 2);
  });

  test('a hold-out tests its part once, with the delivered model', async () => {
    const holdout = { ...task, split: { kind: 'holdout' as const, testFraction: 0.25 } };
    const runId = await aRun(store, [collection], { task: holdout });

    expect(await train(runId)).toBe('trained');

    const model = await findModelOfRun(store.catalogue, runId);
    expect(await store.catalogue.prisma.testScore.count({ where: { modelId: model!.id } })).toBe(6);
    expect(await store.catalogue.prisma.epoch.count({ where: { runId } })).toBe(3);
  });

  test('an image that is in two collections counts once', async () => {
    const other = await aCollection(store, someImages(24));
    const runId = await aRun(store, [collection, other], { seed: 9, head: 'logistic' });

    await train(runId);

    const [frozen] = await eventsOf(runId, datasetFrozen.subject);
    expect(frozen?.envelope.data).toMatchObject({ images: 24 });
  });

  test('the dataset is named by its content: another order of arrival gives the same hash', async () => {
    await using elsewhere = await openTestStore();
    const there = await aCollection(elsewhere, someImages(24).toReversed(), 'two-classes');
    const [here, other] = [
      await aRun(store, [collection], { seed: 11, head: 'logistic' }),
      await aRun(elsewhere, [there], { seed: 11, head: 'logistic' }),
    ];

    await train(here);
    await trainRun({ catalogue: elsewhere.catalogue, blobs: elsewhere.blobs, pool }, aRunRequested({ runId: other }));

    const models = [await findModelOfRun(store.catalogue, here), await findModelOfRun(elsewhere.catalogue, other)];
    expect(models[1]).toMatchObject({ datasetSha256: models[0]?.datasetSha256, sha256: models[0]?.sha256 });
  });
});

describe('a run that cannot be trained fails and says why', () => {
  test('a task with no images', async () => {
    const strange = { ...task, classes: [{ name: 'cat', rule: { kind: 'label-only' as const } }, task.classes[1]!] };
    const images = someImages(6).map((image) => ({ ...image, labels: { label: 'dog' } }));
    const runId = await aRun(store, [await aCollection(store, images)], { task: strange });

    expect(await reasonOf(runId)).toMatch(/the task nodule has no images.*the labels there are: dog/);
  });

  test('too few patients in a class', async () => {
    const images = someImages(20).map((image, i) => ({ ...image, labels: { label: i < 2 ? 'nodule' : 'normal' } }));
    const runId = await aRun(store, [await aCollection(store, images)]);

    expect(await reasonOf(runId)).toMatch(/at least 3 \(patients per class: normal: 18, nodule: 2\)/);
  });

  test('one class only: the label that has no images is named', async () => {
    const images = someImages(20).map((image) => ({ ...image, labels: { label: 'normal' } }));
    const runId = await aRun(store, [await aCollection(store, images)]);

    expect(await reasonOf(runId)).toMatch(/patients per class: normal: 20, nodule: 0/);
    expect(await findModelOfRun(store.catalogue, runId)).toBeUndefined();
  });

  test('equal pictures of two patients', async () => {
    const images = someImages(20).map((image, i) => ({ ...image, ...(i < 12 ? { pixels: `half ${i % 6}` } : {}) }));
    const runId = await aRun(store, [await aCollection(store, images)]);

    expect(await reasonOf(runId)).toMatch(/trained on and tested at once: the picture.*leave one of them out/);
  });

  test('nearly equal pictures of two patients, unless they are allowed, and then the dataset says so for every report', async () => {
    const images = someImages(20).map((image, i) => ({
      ...image,
      pixels: `near ${i}`,
      // Twelve pictures in pairs of patients; those of a pair differ in one bit.
      perceptualHash:
        i < 12 ? `${sha256(`pair ${Math.floor(i / 2)}`).slice(0, 15)}${i % 2}` : sha256(image.file).slice(0, 16),
    }));
    const near = await aCollection(store, images);
    const [refused, allowed] = [
      await aRun(store, [near]),
      await aRun(store, [near], { allowLeaks: true, head: 'logistic' }),
    ];

    expect(await reasonOf(refused)).toMatch(/nearly the same picture: 1 of 64 bits differ.*--allow-leaks/);
    expect(await train(allowed)).toBe('trained');
    const { datasetSha256 } = (await findRun(store.catalogue, allowed)) ?? {};
    const frozen = await findDataset(store.catalogue, datasetSha256 ?? '');
    expect(frozen?.leaks).toEqual([expect.stringContaining('nearly the same picture')]);
  });

  test('an untrained backbone, unless it is allowed', async () => {
    const weights = sha256('untrained');
    await recordWeights(store.catalogue, { weights, backbone: 'vgg16', trained: false, origin: 'test' });
    const untrained = await aCollection(
      store,
      someImages(12).map((image) => ({ ...image, pixels: `random ${image.file}`, identity: { weights } })),
    );
    const [refused, allowed] = [
      await aRun(store, [untrained]),
      await aRun(store, [untrained], { allowUntrained: true, head: 'logistic' }),
    ];

    expect(await reasonOf(refused)).toMatch(/untrained backbone.*--untrained-backbone/);
    expect(await train(allowed)).toBe('trained');
  });

  test('features of different kinds are never mixed', async () => {
    const images = someImages(12).map((image, i) => ({
      ...image,
      pixels: `mixed ${i}`,
      ...(i < 4 ? { identity: { numerics: 'int8-x' } } : {}),
    }));
    const runId = await aRun(store, [await aCollection(store, images)]);

    expect(await reasonOf(runId)).toMatch(
      /features of different kinds \(4 from .*int8-x; 8 from .*\), which must not be mixed/,
    );
  });

  test('no features at all', async () => {
    const images = someImages(12).map(({ file, labels }) => ({ file, labels, pixels: `unseen ${file}` }));
    const runId = await aRun(store, [await aCollection(store, images)]);

    expect(await reasonOf(runId)).toMatch(/none of the images has features yet/);
  });

  test('a feature row that is not a number names its image', async () => {
    const images = someImages(12).map((image) => ({ ...image, pixels: `broken ${image.file}` }));
    images[3]!.features![77] = Number.NaN;
    const runId = await aRun(store, [await aCollection(store, images)]);

    expect(await train(runId)).toBe('failed');

    expect((await findRun(store.catalogue, runId))?.message).toMatch(/feature row of image [0-9a-f-]+ holds NaN at 77/);
  });

  test('divergence says where it was and what to change', async () => {
    const runId = await aRun(store, [collection], { learningRate: 100, weightDecay: 0.9, epochs: 50 });

    expect(await train(runId)).toBe('failed');

    expect((await findRun(store.catalogue, runId))?.message).toMatch(/diverged.*learning rate below 100/);
  });

  test('a run that does not exist is refused for good', async () => {
    await expect(train('00000000-0000-7000-8000-000000000000')).rejects.toThrow(PoisonMessageError);
  });
});

test('the manifest of a dataset is in the store and holds what was frozen', async () => {
  const runId = await aRun(store, [collection], { seed: 12, head: 'logistic' });
  await train(runId);
  const run = await findRun(store.catalogue, runId);

  const manifest = JSON.parse(new TextDecoder().decode(await store.blobs.get(run!.datasetSha256!))) as {
    members: { image: string; folds: number[] }[];
  };

  expect(manifest.members.map(({ image }) => image)).toEqual(someImages(24).map(({ file }) => file));
});
