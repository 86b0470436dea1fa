import { untrainedWeights } from '@xvision/backbone';
import {
  findDataset,
  findModelOfRun,
  findRun,
  insertRun,
  recordLossCurves,
  recordModel,
  recordTestScores,
  setRunState,
} from '@xvision/catalogue';
import { POOL5_LENGTH, type RerunResult, runSettingsSchema, type TrainingChoice } from '@xvision/contracts';
import { meanAuc } from '@xvision/evaluation';
import {
  type HeadCard,
  openTrainingPool,
  setRow,
  sharedRows,
  trainDataset,
  trainingEngine,
  writeSafetensors,
} from '@xvision/learning';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aCollection, aTrainedRun, type Stored } from '../../a-trained-run.js';
import { openTestStore } from '../../test-store.js';
import { UnfitStudyError } from '../study.js';
import { rerunRun } from './rerun-run.js';

const COUNT = 12;
const hooks = { progress: () => undefined, signal: new AbortController().signal };

/** A picture's features; those of odd numbers are larger here and there. */
function features(n: number): Float32Array {
  return Float32Array.from({ length: POOL5_LENGTH }, (_, k) => Math.abs(Math.sin(k * (n + 1))) * (1 + (n % 2) * 0.2));
}

describe('a run trained again', () => {
  let store: Stored & AsyncDisposable;
  let runId: string;
  beforeAll(async () => {
    store = await openTestStore();
    runId = await trainedAsTheTrainerDoes(store);
  });
  afterAll(() => store[Symbol.asyncDispose]());

  const rerun = (about = runId): Promise<RerunResult> =>
    rerunRun(
      { ...store, threads: 2, weights: async () => untrainedWeights() },
      { kind: 'rerun', about, asked: new Date().toISOString() },
      hooks,
    );
  const broken = (result: RerunResult) => result.links.filter(({ problem }) => problem !== null);

  test('on the engine that trained it is the same to the last bit: losses, scores and the model', async () => {
    const result = await rerun();

    expect(result.equivalence).toBeNull();
    expect(result.links.map(({ of }) => of)).toEqual([
      'losses of the delivered model, network 0',
      'losses of fold 0, network 0',
      'losses of fold 1, network 0',
      'test scores of repeat 0, fold 0',
      'test scores of repeat 0, fold 1',
      'the delivered model',
    ]);
    expect(broken(result)).toEqual([]);
  });

  test('a score that was changed afterwards is found, and so is a loss', async () => {
    const { modelId, probabilities, imageId } = await store.catalogue.prisma.testScore.findFirstOrThrow({
      where: { model: { runs: { some: { runId } } }, fold: 1 },
    });
    const forge = (values: number[]) =>
      store.catalogue.prisma.testScore.updateMany({ where: { modelId, imageId }, data: { probabilities: values } });
    await forge(probabilities.map((p, k) => p + (k === 0 ? 1e-9 : -1e-9)));

    const found = broken(await rerun());

    await forge(probabilities);
    expect(found.map(({ of }) => of)).toEqual(['test scores of repeat 0, fold 1']);
    expect(found[0]?.problem).toMatch(/where every bit should be the same$/);
  });

  test('on another engine the AUC must be the same within a margin, and how far single numbers are apart is told', async () => {
    const model = await findModelOfRun(store.catalogue, runId);
    const card = model?.card as HeadCard;
    const training = { ...card.training, engine: 'onnxruntime-node 1.0.0 on a Pentium' } as TrainingChoice;
    await store.catalogue.prisma.model.update({
      where: { id: model?.id ?? '' },
      data: { card: { ...card, training } },
    });

    const result = await rerun();

    expect(result).toMatchObject({
      engineThen: 'onnxruntime-node 1.0.0 on a Pentium',
      engineNow: await trainingEngine('dual'),
      equivalence: {
        difference: { value: 0 },
        margin: 0.02,
        apart: { largestLoss: 0, medianProbability: 0, largestProbability: 0 },
      },
    });
    expect(result.links.map(({ of }) => of)).toEqual(['the test scores of all folds']);
    expect(broken(result)).toEqual([]);
  });

  test('a run that is not there cannot be trained again', async () => {
    await expect(rerun('00000000-0000-7000-8000-000000000000')).rejects.toThrow(UnfitStudyError);
  });
});

/** A real run of two folds and two epochs, recorded as the trainer records it. */
async function trainedAsTheTrainerDoes(store: Stored): Promise<string> {
  const { catalogue, blobs } = store;
  const files = Array.from({ length: COUNT }, (_, n) => ({ file: `${n}.png`, feature: features(n) }));
  const collection = await aCollection(store, files);
  const members = files.map((_, image) => ({ image, label: image % 2, folds: [Math.floor(image / 2) % 2] }));
  const { datasetSha256, runId: other } = await aTrainedRun(store, collection, { members });
  // The test's own dataset rows name no features.
  await catalogue.prisma.$executeRaw`
    UPDATE dataset_member SET feature_sha256 = feature.feature_sha256
    FROM prepared_image JOIN feature ON feature.prepared_sha256 = prepared_image.prepared_sha256
    WHERE dataset_member.dataset_sha256 = ${datasetSha256} AND prepared_image.image_id = dataset_member.image_id`;
  const task = (await findDataset(catalogue, datasetSha256))?.task ?? (await findRun(catalogue, other))?.settings.task;
  const settings = runSettingsSchema.parse({
    task: { ...task, split: { kind: 'cross-validation', folds: 2 } },
    collections: [collection.id],
    head: 'seed-mlp',
    epochs: 2,
    batchSize: 6,
  });
  const rows = sharedRows(COUNT, POOL5_LENGTH);
  for (let n = 0; n < COUNT; n += 1) setRow(rows, n, { values: features(n), name: `${n}` });
  const curves: { fold: number; member: number; losses: readonly number[] }[] = [];
  await using pool = openTrainingPool({ threads: 1 });
  const { head } = await trainDataset(
    pool,
    {
      rows,
      labels: Int32Array.from(members, ({ label }) => label),
      classes: 2,
      folds: members.map(({ folds }) => folds),
      settings,
      merit: meanAuc,
    },
    { onFold: ({ fold }, member, losses) => void curves.push({ fold, member, losses }) },
  );
  const { sha256 } = await blobs.putStream(writeSafetensors(head.tensors), { maxBytes: 2 ** 30 });
  const old = (await findModelOfRun(catalogue, other))?.card as HeadCard;
  const training = { form: 'dual' as const, reason: 'in a test', engine: await trainingEngine('dual') };
  const card: HeadCard = { ...old, head: 'seed-mlp', sha256, training };
  return await catalogue.transaction(async (tx) => {
    const runId = await insertRun(tx, settings);
    const { id } = await recordModel(tx, { runId, contentKey: runId, sha256, datasetSha256, card });
    const scores = head.scores.flatMap(({ repeat, fold, test: places, probabilities }) =>
      Array.from(places, (place, row) => {
        const own = [...probabilities.subarray(row * 2, row * 2 + 2)];
        return { imageId: collection.imageIds[place] ?? '', repeat, fold, label: place % 2, probabilities: own };
      }),
    );
    await recordTestScores(tx, id, scores);
    const delivered = head.losses.map((losses, member) => ({ fold: -1, member, losses }));
    await recordLossCurves(tx, runId, [...delivered, ...curves]);
    await setRunState(tx, runId, { state: 'trained', datasetSha256 });
    return runId;
  });
}
