import { findPredictionJobView, requestPrediction } from '@xvision/catalogue';
import { AS_PREPARED_VERSION, PoisonMessageError } from '@xvision/contracts';
import { loadHead } from '@xvision/learning';
import { anEvaluationRequested } from '@xvision/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  aCollection,
  aFeatureRow,
  aTrainedRun,
  type GivenImage,
  type Stored,
  sha256,
  type TrainedRun,
} from './a-trained-run.js';
import { type PredictNeeds, predictImages } from './predict-images.js';
import { rememberingLastHead } from './scoring-head.js';
import { openTestStore } from './test-store.js';

let store: Stored & AsyncDisposable;
let needs: PredictNeeds;
let trained: TrainedRun;
let loads = 0;
beforeAll(async () => {
  store = await openTestStore();
  const openHead = rememberingLastHead(store.blobs, async (bytes, card, expected) => {
    loads += 1;
    return await loadHead(bytes, card, expected);
  });
  needs = { ...store, openHead };
  trained = await aModel();
});
afterAll(() => store[Symbol.asyncDispose]());

async function aModel(): Promise<TrainedRun> {
  const collection = await aCollection(store, [{ file: 'a' }, { file: 'b' }]);
  const members = [0, 1].map((image) => ({ image, label: image, folds: [image] }));
  return await aTrainedRun(store, collection, { members });
}

async function ask(images: readonly GivenImage[], modelId = trained.modelId, anyway = false): Promise<string> {
  const collection = await aCollection(store, images, 'prediction');
  const job = { modelId, collectionId: collection.id, anyway };
  return (await store.catalogue.transaction((tx) => requestPrediction(tx, job))).id;
}

/** The model of these tests was never tested: it has neither temperature nor operating point nor guard. */
const unread = { decision: null, novelty: null, caution: null };

const request = (predictionJobId: string) => anEvaluationRequested({ kind: 'prediction', predictionJobId });

describe('predicting new files', () => {
  test('a fit image gets a probability per class, an unfit one its reason', async () => {
    const job = await ask([
      { file: 'bright.png', feature: aFeatureRow(9) },
      { file: 'dark.png', feature: aFeatureRow(0) },
      { file: 'empty.png', outcome: 'rejected' },
      { file: 'lost.png', outcome: 'untouched' },
    ]);

    expect(await predictImages(needs, request(job), job)).toBe('predicted');

    const sigmoid = (logit: number) => 1 / (1 + Math.exp(-logit));
    const found = await findPredictionJobView(store.catalogue, job);
    expect(found).toMatchObject({ state: 'done', message: null });
    expect(found?.predictions).toEqual([
      {
        file: 'bright.png',
        probabilities: { normal: expect.closeTo(sigmoid(-2), 9), nodule: expect.closeTo(sigmoid(2), 9) },
        uncalibrated: { normal: expect.closeTo(sigmoid(-2), 9), nodule: expect.closeTo(sigmoid(2), 9) },
        ...unread,
      },
      {
        file: 'dark.png',
        probabilities: { normal: expect.closeTo(sigmoid(1), 9), nodule: expect.closeTo(sigmoid(-1), 9) },
        uncalibrated: { normal: expect.closeTo(sigmoid(1), 9), nodule: expect.closeTo(sigmoid(-1), 9) },
        ...unread,
      },
      { file: 'empty.png', abstained: 'empty.png is blank: send another', reason: 'unfit' },
      { file: 'lost.png', abstained: expect.stringContaining('could not be prepared'), reason: 'unfit' },
    ]);
  });

  test('delivered twice has one effect, and the model file is read once', async () => {
    const job = await ask([{ file: 'x.png' }]);
    const event = request(job);
    const before = loads;

    const outcomes = [await predictImages(needs, event, job), await predictImages(needs, event, job)];

    expect(outcomes).toEqual(['predicted', 'repeated']);
    expect(loads - before).toBeLessThanOrEqual(1);
  });

  test('more images than one batch holds each get their own score', async () => {
    const images = Array.from({ length: 34 }, (_, i) => ({
      file: `image ${String(i).padStart(2, '0')}`,
      feature: aFeatureRow(i),
    }));
    const job = await ask(images);

    await predictImages(needs, request(job), job);

    const found = await findPredictionJobView(store.catalogue, job);
    const scores = found?.predictions.map((one) => ('probabilities' in one ? one.probabilities['nodule'] : undefined));
    expect(scores).toHaveLength(34);
    expect(scores).toEqual([...(scores ?? [])].sort((a, b) => (a ?? 0) - (b ?? 0)));
    expect(new Set(scores).size).toBe(34);
  });

  test('features from other weights than the model needs fail the job, and the message says what to do', async () => {
    const job = await ask([{ file: 'foreign.png', identity: { weights: sha256('other weights') } }]);

    expect(await predictImages(needs, request(job), job)).toBe('failed');

    const found = await findPredictionJobView(store.catalogue, job);
    expect(found?.state).toBe('failed');
    expect(found?.message).toContain(sha256('other weights').slice(0, 12));
    expect(found?.message).toContain("start the extractor with the model's weights");
    expect(found?.predictions).toEqual([]);
  });

  test('an image that was prepared in another way than the training images gets a reason, not a score', async () => {
    const job = await ask([{ file: 'taken-as-is.png', identity: { preprocessing: AS_PREPARED_VERSION } }]);

    await predictImages(needs, request(job), job);

    expect((await findPredictionJobView(store.catalogue, job))?.predictions).toEqual([
      { file: 'taken-as-is.png', abstained: expect.stringContaining(AS_PREPARED_VERSION), reason: 'unfit' },
    ]);
  });

  test('a model file that was altered, replaced or lost is named', async () => {
    const other = await aModel();
    const garbage = await store.blobs.put(new TextEncoder().encode('not a model'));
    await store.catalogue.prisma.$executeRaw`UPDATE model SET sha256 = ${garbage} WHERE id = ${other.modelId}::uuid`;
    const replaced = await ask([{ file: 'y.png' }], other.modelId);
    await predictImages(needs, request(replaced), replaced);
    await store.catalogue.prisma
      .$executeRaw`UPDATE model SET sha256 = ${sha256('gone')} WHERE id = ${other.modelId}::uuid`;
    const lost = await ask([{ file: 'y.png' }], other.modelId);
    await predictImages(needs, request(lost), lost);

    expect((await findPredictionJobView(store.catalogue, replaced))?.message).toContain('altered');
    expect((await findPredictionJobView(store.catalogue, lost))?.message).toContain(sha256('gone'));
  });

  test('a model whose classes are not those of its task is refused', async () => {
    const other = await aModel();
    await store.catalogue.prisma.$executeRaw`
      UPDATE model SET card = jsonb_set(card, '{classes}', '["nodule", "normal"]') WHERE id = ${other.modelId}::uuid`;
    const job = await ask([{ file: 'z.png' }], other.modelId);

    expect(await predictImages(needs, request(job), job)).toBe('failed');

    expect((await findPredictionJobView(store.catalogue, job))?.message).toContain('do not belong together');
  });

  test('a job that does not exist is poison', async () => {
    const nobody = '00000000-0000-7000-8000-000000000000';

    await expect(predictImages(needs, request(nobody), nobody)).rejects.toThrow(PoisonMessageError);
  });
});
