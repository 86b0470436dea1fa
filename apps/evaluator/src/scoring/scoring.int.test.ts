import { findModelView, findPredictionJobView, findScoringProfile, requestPrediction } from '@xvision/catalogue';
import { POOL5_LENGTH, type Prediction, type View } from '@xvision/contracts';
import { loadHead } from '@xvision/learning';
import { aModelTrained, anEvaluationRequested } from '@xvision/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aCollection, aTrainedRun, type Stored, type TrainedRun } from '../a-trained-run.js';
import { evaluateRun } from '../evaluate-run.js';
import { predictImages } from '../predict-images.js';
import { rememberingLastHead } from '../scoring-head.js';
import { openTestStore } from '../test-store.js';

const IMAGES = 120;

let store: Stored & AsyncDisposable;
let run: TrainedRun;
beforeAll(async () => {
  store = await openTestStore();
  run = await aTestedRun();
});
afterAll(() => store[Symbol.asyncDispose]());

/** A picture of one kind, a little different each; another kind has its large features in other channels. */
function aPicture(n: number, kind: 'usual' | 'other' = 'usual'): Float32Array {
  return Float32Array.from({ length: POOL5_LENGTH }, (_, k) => {
    const channel = k % 512;
    const large = kind === 'usual' ? channel < 256 : channel >= 256;
    return large ? 1 + 0.1 * Math.sin((n + 1) * (channel + 1)) : 0.01;
  });
}

/** 120 patients in five folds, tested; the scores of the classes overlap. */
async function aTestedRun(): Promise<TrainedRun> {
  const files = Array.from({ length: IMAGES }, (_, n) => ({ file: `trained-${n}.png`, feature: aPicture(n) }));
  const collection = await aCollection(store, files);
  const members = files.map((_, image) => {
    const label = image % 2;
    const fold = Math.floor(image / 2) % 5;
    const p = 0.3 + 0.3 * label + 0.25 * Math.sin(image * 1.7);
    return { image, label, folds: [fold], scores: [{ repeat: 0, fold, probabilities: [1 - p, p] }] };
  });
  return await aTrainedRun(store, collection, { members });
}

async function predictions(
  images: readonly { file: string; feature: Float32Array; view?: View }[],
  anyway = false,
): Promise<readonly Prediction[]> {
  const collection = await aCollection(store, images, 'prediction');
  const job = { modelId: run.modelId, collectionId: collection.id, anyway };
  const { id } = await store.catalogue.transaction((tx) => requestPrediction(tx, job));
  await using openHead = rememberingLastHead(store.blobs, loadHead);
  const event = anEvaluationRequested({ kind: 'prediction', predictionJobId: id });
  expect(await predictImages({ ...store, openHead }, event, id)).toBe('predicted');
  return (await findPredictionJobView(store.catalogue, id))?.predictions ?? [];
}

describe('how the scores of a model are read', () => {
  test('is fitted when its run is evaluated, on images that the networks never saw, and stays', async () => {
    await evaluateRun(store, aModelTrained({ runId: run.runId }), run.runId);

    const profile = await findScoringProfile(store.catalogue, run.modelId);
    expect(profile).toMatchObject({
      temperature: expect.any(Number),
      uncalibrated: null,
      operatingPoint: { rule: 'youden', class: 'nodule' },
      images: IMAGES,
      guard: { images: IMAGES, leastP: 0.01 },
      views: ['frontal', 'unknown'],
    });
    expect((await findModelView(store.catalogue, run.modelId))?.profile).toEqual(profile);
  });

  test('calibrates a score, calls it by the operating point, and keeps what the network gave', async () => {
    const [one] = await predictions([{ file: 'new.png', feature: aPicture(500) }]);
    const profile = await findScoringProfile(store.catalogue, run.modelId);

    if (one === undefined || 'abstained' in one) throw new Error('the image got no score');
    const logit = (p = 0) => Math.log(p / (1 - p));
    const [calibrated, given] = [one.probabilities['nodule'], one.uncalibrated['nodule']];
    expect(logit(calibrated) * (profile?.temperature ?? 0)).toBeCloseTo(logit(given), 9);
    expect(one.decision?.called).toBe((calibrated ?? 0) >= (profile?.operatingPoint?.threshold ?? 0));
    expect(one.novelty).toBeGreaterThan(0.01);
    expect(one.caution).toBeNull();
  });

  test('an image of another kind, and one of another view, get a reason instead of a score', async () => {
    const found = await predictions([
      { file: 'lateral.png', feature: aPicture(501), view: 'lateral' },
      { file: 'other.png', feature: aPicture(502, 'other') },
    ]);

    expect(found).toEqual([
      { file: 'lateral.png', reason: 'view', abstained: expect.stringContaining('a lateral view') },
      { file: 'other.png', reason: 'unlike', abstained: expect.stringMatching(/unlike the 120 training images/) },
    ]);
  });

  test('they are scored all the same when somebody insists, with the reason as a caution', async () => {
    const found = await predictions([{ file: 'insisted.png', feature: aPicture(503, 'other') }], true);

    expect(found).toEqual([
      expect.objectContaining({
        file: 'insisted.png',
        probabilities: { normal: expect.any(Number), nodule: expect.any(Number) },
        caution: expect.stringContaining('unlike'),
      }),
    ]);
  });
});
