import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { POOL5_LENGTH } from '@xvision/contracts';
import { askEngines } from '@xvision/engines';
import { readPrepared } from '@xvision/imaging';
import { projectRoot, sharedFolder } from '@xvision/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { acquireWeights } from './acquire-weights.js';
import { type GoldenPool5, goldenFault, goldenImage } from './golden-image.js';
import type { Vgg16 } from './loaded-vgg16.js';
import type { EngineChoice } from './open-engine.js';
import { openVgg16 } from './open-vgg16.js';
import { INPUT_LENGTH } from './vgg16-architecture.js';
import type { Vgg16Weights } from './weights.js';

const shared = sharedFolder();
/** Where CI puts TensorFlow.js' native package: it is no dependency of this project. */
const nativeModules =
  process.env['XVISION_NATIVE_MODULES'] ?? path.join(projectRoot(), '.xvision', 'cache', 'native-modules');
const asked = await askEngines({ nativeModules });
const present = asked.flatMap(({ engine, unavailable }) => (unavailable === undefined ? [engine] : []));
const otherEngines: EngineChoice[] = ['onnx-cpu-winograd', ...present.filter((engine) => engine !== 'onnx-cpu')];

interface OracleImage extends GoldenPool5 {
  readonly prepared_png: string;
}

describe.skipIf(shared === undefined)('VGG16 with the ImageNet weights', { timeout: 240_000 }, () => {
  const features = path.join(shared ?? '', 'oracles', 'features');
  let weights: Vgg16Weights;
  let model: Vgg16;
  let oracles: OracleImage[];
  let inputs: Uint8Array[];

  beforeAll(async () => {
    const file = path.join(shared ?? '', 'weights', 'vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5');
    weights = await acquireWeights({ file, cacheDir: '/nonexistent' });
    model = await openVgg16({ weights, engine: 'onnx-cpu', threads: 2 });
    const golden = JSON.parse(await readFile(path.join(features, 'golden-pool5.json'), 'utf8')) as {
      images: OracleImage[];
    };
    oracles = golden.images;
    inputs = await Promise.all(
      oracles.map(async ({ prepared_png }) => readPrepared(await readFile(path.join(features, prepared_png)))),
    );
  });

  afterAll(async () => {
    await model?.[Symbol.asyncDispose]();
  });

  test('the formula gives the synthetic image of the oracle', () => {
    expect(Buffer.from(goldenImage()).equals(Buffer.from(inputs[0] ?? []))).toBe(true);
  });

  test('all six images give the oracle’s pool5, and an image alone gives the row that it gives in a batch', async () => {
    const batch = new Uint8Array(inputs.length * INPUT_LENGTH);
    for (const [index, input] of inputs.entries()) batch.set(input, index * INPUT_LENGTH);

    const rows = await model.pool5(batch, inputs.length);

    for (const [index, oracle] of oracles.entries()) {
      const row = rows.subarray(index * POOL5_LENGTH, (index + 1) * POOL5_LENGTH);
      expect(goldenFault(row, oracle), oracle.prepared_png).toBeUndefined();
      const alone = await model.pool5(inputs[index] ?? new Uint8Array(), 1);
      expect(Buffer.from(alone.buffer).equals(Buffer.from(row.slice().buffer)), oracle.prepared_png).toBe(true);
    }
  });

  test.for(otherEngines)('%s gives the same rows, alone and in a batch, and says what it is', async (engine) => {
    const options = { weights, engine, threads: 2, nativeModules };
    await using other = await openVgg16(options);
    const batch = new Uint8Array(2 * INPUT_LENGTH);
    batch.set(inputs[1] ?? []);
    batch.set(inputs[3] ?? [], INPUT_LENGTH);

    const [rows, expected] = [await other.pool5(batch, 2), await model.pool5(batch, 2)];

    expect(relativeL2(rows, expected)).toBeLessThan(1e-5);
    const alone = await other.pool5(inputs[3] ?? new Uint8Array(), 1);
    expect(relativeL2(alone, rows.subarray(POOL5_LENGTH))).toBeLessThan(1e-6);
    expect(other.describe().label).toMatch(
      new RegExp(`^${engine === 'onnx-cpu-winograd' ? 'onnx-cpu winograd' : engine} \\(`),
    );
  });

  test('copies side by side give each image the row that one network gives', async () => {
    await using pair = await openVgg16({ weights, engine: 'onnx-cpu', threads: 2, copies: 2 });
    const images = inputs.slice(0, 3);

    const rows = await Promise.all(images.map((image) => pair.pool5(image, 1)));

    for (const [index, row] of rows.entries()) {
      const alone = await model.pool5(images[index] ?? new Uint8Array(), 1);
      expect(relativeL2(row, alone)).toBeLessThan(1e-5);
    }
    expect(pair.describe()).toMatchObject({ threads: 1, copies: 2 });
    expect(pair.describe().label).toMatch(/, 2 x 1 thread\)$/);
  });

  test('says what runs it, where, and why', () => {
    expect(model.describe()).toMatchObject({ engine: 'onnx-cpu', device: 'cpu', threads: 2, reason: 'asked for' });
  });

  test('auto takes CUDA where a device answers, else the CPU, and says why', async () => {
    await using chosen = await openVgg16({ weights, threads: 2 });

    const engine = present.includes('onnx-cuda') ? 'onnx-cuda' : 'onnx-cpu';
    expect(chosen.describe()).toMatchObject({ engine, reason: expect.stringMatching(/^auto: /) as string });
  });

  test('bytes that are not whole images are refused', async () => {
    await expect(model.pool5(new Uint8Array(10), 1)).rejects.toThrow('1 images have 150528 RGB bytes, not 10');
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
