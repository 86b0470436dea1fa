import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { acquireWeights, openVgg16, untrainedWeights, type Vgg16Weights } from '@xvision/backbone';
import { int8CalibrationSchema } from '@xvision/contracts';
import { prepareImage, readPrepared } from '@xvision/imaging';
import { sharedFolder, temporaryFolder } from '@xvision/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aCollection, aTrainedRun, type GivenImage, type Stored } from '../../a-trained-run.js';
import { openTestStore } from '../../test-store.js';
import { quantizeRun } from './quantize-run.js';

const shared = sharedFolder();
const IMAGES = 20;
const hooks = { progress: () => {}, signal: new AbortController().signal };

describe.skipIf(shared === undefined)('an int8 network for the images of a run', () => {
  let store: Stored & AsyncDisposable;
  let weights: Vgg16Weights;
  let runId: string;

  beforeAll(async () => {
    store = await openTestStore();
    await using cache = await temporaryFolder();
    const file = path.join(shared ?? '', 'weights', 'vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5');
    weights = await acquireWeights({ file, cacheDir: cache.path });
    await using vgg16 = await openVgg16({ weights, engine: 'onnx-cpu-winograd', threads: 2 });
    const folder = path.join(shared ?? '', 'data', 'jsrt128', 'images');
    const names = (await readdir(folder)).sort();
    const chosen = [...names.slice(0, IMAGES / 2), ...names.slice(-IMAGES / 2)];
    const images: GivenImage[] = [];
    for (const name of chosen) {
      const { png } = await prepareImage(await readFile(path.join(folder, name)));
      const feature = await vgg16.pool5(await readPrepared(png), 1);
      images.push({ file: name, feature, identity: { preparedSha256: await store.blobs.put(png) } });
    }
    const collection = await aCollection(store, images);
    const members = images.map((_, image) => {
      const [label, fold] = [image < IMAGES / 2 ? 1 : 0, image % 2];
      const p = 0.4 + 0.2 * label + image / 100;
      return { image, label, folds: [fold], scores: [{ repeat: 0, fold, probabilities: [1 - p, p] }] };
    });
    runId = (await aTrainedRun(store, collection, { members })).runId;
  }, 120_000);
  afterAll(() => store?.[Symbol.asyncDispose]());

  test('is held against the exact one, and kept only when the whole interval lies within the margin', async () => {
    const needs = { ...store, threads: 2, weights: async () => weights };

    const result = await quantizeRun(needs, { kind: 'quantize', about: runId, calibrationImages: 4 }, hooks);

    expect(result).toMatchObject({ kind: 'quantize', images: IMAGES, calibrationImages: 4, margin: 0.02 });
    expect(result.numerics).toMatch(/^int8-[0-9a-f]{64}$/);
    // docs/decisions/0044: 4 to 6 % on radiographs.
    expect(result.featureShift.median).toBeGreaterThan(0.01);
    expect(result.featureShift.largest).toBeLessThan(0.15);
    const { low, high } = result.difference;
    expect(result.accepted).toBe((low ?? -1) >= -0.02 && (high ?? 1) <= 0.02);
    expect(result.calibration === null).toBe(!result.accepted);
    if (result.calibration !== null) {
      int8CalibrationSchema.parse(JSON.parse(Buffer.from(await store.blobs.get(result.calibration)).toString()));
    }
  }, 120_000);

  test('of other weights than those of the run is refused', async () => {
    const needs = { ...store, threads: 1, weights: async () => untrainedWeights() };

    await expect(quantizeRun(needs, { kind: 'quantize', about: runId, calibrationImages: 4 }, hooks)).rejects.toThrow(
      'float32 features of its own weights',
    );
  });
});
