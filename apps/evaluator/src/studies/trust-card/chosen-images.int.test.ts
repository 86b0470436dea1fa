import { untrainedWeights } from '@xvision/backbone';
import { encodeGrey } from '@xvision/imaging';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aCollection, aFeatureRow, aTrainedRun, type Stored } from '../../a-trained-run.js';
import { openTestStore } from '../../test-store.js';
import { chosenImages } from './chosen-images.js';

let store: Stored & AsyncDisposable;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store[Symbol.asyncDispose]());

/** Ten images, each with a picture of its own; of every odd one, a nodule, the labels file says where it is. */
async function aRun() {
  const files = await Promise.all(
    Array.from({ length: 10 }, async (_, n) => {
      const png = await encodeGrey(new Uint8Array(224 * 224).fill(20 * n), { width: 224, height: 224 });
      const identity = { preparedSha256: await store.blobs.put(png) };
      return { file: `${n}.png`, feature: aFeatureRow(n), identity };
    }),
  );
  const collection = await aCollection(store, files);
  for (const [n, id] of collection.imageIds.entries()) {
    const attributes = { x2048: String(200 * n), y2048: '1023.5', size_mm: '14' };
    if (n % 2 === 1) await store.catalogue.prisma.image.update({ where: { id }, data: { attributes } });
  }
  const members = files.map((_, image) => ({ image, label: image % 2, folds: [0] }));
  return await aTrainedRun(store, collection, { members });
}

test('images of the class are drawn by the seed, each with its row, its pixels and the place of its finding', async () => {
  const { datasetSha256: dataset } = await aRun();
  const needs = { ...store, threads: 1, weights: async () => untrainedWeights() };
  const question = { dataset, className: 'nodule', images: 4, seed: 1 };

  const { images, located } = await chosenImages(needs, question);

  expect(images).toHaveLength(4);
  for (const { file, row, rgb, lesion } of images) {
    const n = Number.parseInt(file, 10);
    expect(n % 2).toBe(1);
    expect([row[0], rgb[0]]).toEqual([n, 20 * n]);
    // The stored original is 300 x 300: a position in 2048 pixels is a share of it, and so of the input.
    expect(lesion?.x).toBeCloseTo(((200 * n + 0.5) / 2048) * 224, 9);
    expect(lesion?.y).toBeCloseTo(112, 9);
    expect(lesion?.radius).toBeCloseTo((7 / 0.175 / 2048) * 224, 9);
  }
  // All five places are used by maps that need the row alone.
  expect(located.map(({ row }) => row[0] ?? 0).toSorted((a, b) => a - b)).toEqual([1, 3, 5, 7, 9]);
  const files = (chosen: typeof images) => chosen.map(({ file }) => file);
  expect(files((await chosenImages(needs, question)).images)).toEqual(files(images));
  await expect(chosenImages(needs, { ...question, className: 'heart' })).rejects.toThrow('0 images of the class heart');
});
