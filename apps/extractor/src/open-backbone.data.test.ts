import path from 'node:path';
import { acquireWeights, calibrate, goldenImage } from '@xvision/backbone';
import { type BlobStore, openBlobStore } from '@xvision/blob-store';
import type { Int8Calibration } from '@xvision/contracts';
import { sharedFolder, type TemporaryFolder, temporaryFolder } from '@xvision/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from './config.js';
import { openBackbone } from './open-backbone.js';

const shared = sharedFolder();
const file = path.join(shared ?? '', 'weights', 'vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5');
const log = { info: () => {}, warn: () => {} };

describe.skipIf(shared === undefined)('an extractor with an int8 calibration', () => {
  let folder: TemporaryFolder;
  let blobs: BlobStore;
  let calibration: Int8Calibration;

  beforeAll(async () => {
    folder = await temporaryFolder();
    blobs = await openBlobStore({ root: path.join(folder.path, 'blobs') });
    const weights = await acquireWeights({ file, cacheDir: folder.path });
    const soft = goldenImage().map((value) => Math.round(96 + value / 4));
    const { maxima, ...found } = await calibrate(weights, [soft], { threads: 2 });
    const difference = { value: 0, low: -0.01, high: 0.01 };
    const evidence = { dataset: 'd'.repeat(64), task: 'nodule', difference, margin: 0.02 };
    calibration = { format: 'xvision-int8-1', ...found, maxima: [...maxima], evidence };
  }, 60_000);
  afterAll(() => folder?.[Symbol.asyncDispose]());

  const keep = (content: unknown) => blobs.put(new TextEncoder().encode(JSON.stringify(content)));
  const open = (INT8_CALIBRATION: string) => {
    const environment = {
      DATABASE_URL: 'postgresql://127.0.0.1/xvision',
      NATS_URL: 'nats://127.0.0.1:4222',
      XVISION_STORE: folder.path,
      XVISION_CACHE: folder.path,
      XVISION_WEIGHTS: file,
      XVISION_OFFLINE: 'true',
      ENGINE_THREADS: '2',
      INT8_CALIBRATION,
    };
    return openBackbone(readConfig(environment), { log, blobs });
  };

  test('computes with it, under numerics of their own', async () => {
    await using backbone = await open(await keep(calibration));

    expect(backbone.vgg16.numerics).toBe(`int8-${calibration.identity}`);
    expect(backbone.vgg16.describe().label).toContain('int8');
  }, 60_000);

  test('of other weights, or that was never accepted, does not start and says what to do', async () => {
    const foreign = await keep({ ...calibration, weights: 'f'.repeat(64) });
    const unproven = await keep({ ...calibration, evidence: undefined });

    await expect(open(foreign)).rejects.toThrow(/belongs to the weights f+.*quantize again/);
    await expect(open(unproven)).rejects.toThrow('is no accepted int8 calibration');
  });
});
