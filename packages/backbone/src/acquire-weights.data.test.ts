import { copyFile, mkdtemp, open, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { VGG16_IMAGENET_WEIGHTS } from '@xvision/contracts';
import { sharedFolder } from '@xvision/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { acquireWeights } from './acquire-weights.js';
import { checkImageNetWeights } from './check-imagenet-weights.js';
import { hwioToOihw, oihwToHwio } from './kernel-order.js';
import { openVgg16 } from './open-vgg16.js';
import { reverseInputChannels } from './vgg16-graph.js';
import { layersOf, type Vgg16Weights } from './weights.js';
import { cachedFile, writeCache } from './weights-cache.js';

const shared = sharedFolder();

describe.skipIf(shared === undefined)('acquireWeights', { timeout: 240_000 }, () => {
  const file = path.join(shared ?? '', 'weights', 'vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5');
  let folder: string;
  let weights: Vgg16Weights;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'xvision-weights-test-'));
    weights = await acquireWeights({ file, cacheDir: folder });
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  test('a Keras file is read through its own attributes and has the identity of the ImageNet weights', () => {
    expect(weights).toMatchObject({ identity: VGG16_IMAGENET_WEIGHTS, trained: true, origin: file });
  });

  test('a file that is cut short is refused as such', async () => {
    const short = path.join(folder, 'short.h5');
    await copyFile(file, short);
    await truncate(short, 40_000_000);

    await expect(acquireWeights({ file: short, cacheDir: folder })).rejects.toThrow(/not a whole HDF5 file: truncated/);
  });

  test('one altered byte is found, and the layer that it is in is named', async () => {
    const altered = path.join(folder, 'altered.h5');
    await copyFile(file, altered);
    const bytes = await readFile(file);
    const layer = layersOf(weights.values)[9];
    const needle = Buffer.from(layer?.kernel.slice(0, 8).buffer ?? new ArrayBuffer());
    await using handle = await open(altered, 'r+');
    await handle.write(Buffer.of(0x55), 0, 1, bytes.indexOf(needle) + 4);

    await expect(acquireWeights({ file: altered, cacheDir: folder })).rejects.toThrow(
      /the file is damaged: block4_conv3 differs from the published weights/,
    );
  });

  test('a first layer in RGB order is refused with the reason', () => {
    const flipped = weights.values.slice();
    const [first] = layersOf(flipped);
    if (first === undefined) throw new Error('no first layer');
    const oihw = hwioToOihw(first.kernel, first.layer);
    reverseInputChannels(oihw, first.layer.outputs);
    first.kernel.set(oihwToHwio(oihw, first.layer));

    expect(() => checkImageNetWeights(flipped, 'flipped.h5')).toThrow(
      /flipped.h5: the input channels of block1_conv1 are in the wrong order: RGB, where the original weights take BGR/,
    );
  });

  test('the self-check stops a model whose weights lie about their identity', async () => {
    const values = weights.values.slice();
    const [first] = layersOf(values);
    first?.kernel.reverse();

    await expect(openVgg16({ weights: { ...weights, values } })).rejects.toThrow(
      /fails its self-check on the golden image/,
    );
  });

  test('a file that is no weights file at all says what it is not', async () => {
    const text = path.join(folder, 'notes.txt');
    await writeFile(text, 'these are notes');

    await expect(acquireWeights({ file: text, cacheDir: folder })).rejects.toThrow(
      /notes.txt: the bytes are not an ONNX model/,
    );
  });

  test('a missing file is named', async () => {
    await expect(acquireWeights({ file: path.join(folder, 'none.h5'), cacheDir: folder })).rejects.toThrow(
      /none.h5 cannot be read: ENOENT/,
    );
  });

  test('the cache gives the same weights without the file, and a damaged cache is removed and said', async () => {
    const cacheDir = path.join(folder, 'cache');
    await writeCache(cacheDir, weights);
    const cached = await acquireWeights({ cacheDir, offline: true });
    expect(cached.identity).toBe(weights.identity);
    await truncate(cachedFile(cacheDir), 1000);
    const said: string[] = [];

    await expect(acquireWeights({ cacheDir, offline: true, log: (line) => said.push(line) })).rejects.toThrow();

    expect(said[0]).toMatch(/the cached weights are unusable and are removed/);
    await expect(readFile(cachedFile(cacheDir))).rejects.toThrow('ENOENT');
  });
});
