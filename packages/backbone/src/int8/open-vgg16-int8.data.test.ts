import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { readPrepared } from '@xvision/imaging';
import { sharedFolder } from '@xvision/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { acquireWeights } from '../acquire-weights.js';
import { openVgg16 } from '../open-vgg16.js';
import { untrainedWeights } from '../untrained-weights.js';
import type { Vgg16Weights } from '../weights.js';
import { type Calibration, calibrate } from './calibrate.js';
import { openVgg16Int8 } from './open-vgg16-int8.js';

const shared = sharedFolder();

describe.skipIf(shared === undefined)('VGG16 in int8', { timeout: 240_000 }, () => {
  const prepared = path.join(shared ?? '', 'oracles', 'features', 'prepared');
  let weights: Vgg16Weights;
  let radiographs: Uint8Array[];
  let calibration: Calibration;

  beforeAll(async () => {
    const file = path.join(shared ?? '', 'weights', 'vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5');
    weights = await acquireWeights({ file, cacheDir: '/nonexistent' });
    const files = (await readdir(prepared)).filter((name) => !name.startsWith('synthetic'));
    radiographs = await Promise.all(files.map(async (name) => readPrepared(await readFile(path.join(prepared, name)))));
    calibration = await calibrate(weights, radiographs, { threads: 2 });
  });

  test('moves pool5 of radiographs by 3 to 10 per cent, and says that it is another kind of numbers', async () => {
    await using exact = await openVgg16({ weights, engine: 'onnx-cpu', threads: 2 });
    await using int8 = await openVgg16Int8({ weights, calibration, threads: 2 });

    for (const rgb of radiographs) {
      const [row, expected] = [await int8.pool5(rgb, 1), await exact.pool5(rgb, 1)];
      const difference = relativeL2(row, expected);
      expect(difference).toBeGreaterThan(0.01);
      expect(difference).toBeLessThan(0.1);
    }
    expect(int8.numerics).toBe(`int8-${calibration.identity}`);
    expect(int8.describe().label).toMatch(/^onnx-cpu int8 \(/);
  });

  test('the same images give the same calibration, others another one', async () => {
    const again = await calibrate(weights, radiographs, { threads: 2 });
    const fewer = await calibrate(weights, radiographs.slice(0, 1), { threads: 2 });

    expect(again).toEqual(calibration);
    expect(fewer.identity).not.toBe(calibration.identity);
  });

  test('a calibration that does not fit is refused by the self-check', async () => {
    const maxima = calibration.maxima.map((value) => value / 50);

    await expect(openVgg16Int8({ weights, calibration: { ...calibration, maxima } })).rejects.toThrow(
      /calibrate it again/,
    );
  });

  test('a calibration of other weights is refused', async () => {
    await expect(openVgg16Int8({ weights: untrainedWeights(), calibration })).rejects.toThrow(/calibrate again/);
  });

  test('no images are no calibration', async () => {
    await expect(calibrate(weights, [])).rejects.toThrow('at least one image');
  });
});

function relativeL2(found: Float32Array, expected: Float32Array): number {
  let difference = 0;
  let norm = 0;
  for (const [index, value] of expected.entries()) {
    difference += ((found[index] ?? Number.NaN) - value) ** 2;
    norm += value ** 2;
  }
  return Math.sqrt(difference / norm);
}
