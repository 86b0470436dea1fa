import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Catalogue } from '../catalogue.js';
import {
  aCollection,
  anIdentity,
  anImage,
  aSettledCollection,
  aSha256,
  extract,
  origin,
  prepare,
  startCatalogue,
  type TestCatalogue,
} from '../test-catalogue.js';
import {
  findCollection,
  findCollectionRequest,
  findFeatureOrigin,
  insertCollection,
  listCollections,
  setCollectionState,
} from './collections.js';
import { listEvents } from './events.js';
import { findFeatures, findWeights, recordFeatures, recordWeights } from './features.js';
import { findCollectedIds, findImage, listImages, recordCollected } from './images.js';
import { findPreparation, recordRejected } from './prepared-images.js';

let started: TestCatalogue;
let catalogue: Catalogue;
beforeAll(async () => {
  started = await startCatalogue();
  catalogue = started.catalogue;
});
afterAll(() => started[Symbol.asyncDispose]());

const subjectsAbout = async (about: string) =>
  (await listEvents(catalogue, { about })).map(({ envelope }) => envelope.type);

describe('a collection', () => {
  const request = { source: 'openi', name: 'twice', query: 'nodule', limit: 5, purpose: 'dataset' } as const;

  test('asked for twice is one collection, harvested once', async () => {
    const insert = () => catalogue.transaction((tx) => insertCollection(tx, request, origin));

    const [first, second] = [await insert(), await insert()];

    expect(first.created).toBe(true);
    expect(second).toEqual({ id: first.id, created: false });
    expect(await subjectsAbout(first.id)).toEqual(['xv.scrape.requested.v1']);
    expect((await findCollectionRequest(catalogue, first.id))?.request).toEqual(request);
  });

  test('keeps what became known along the way', async () => {
    const { id } = await aCollection(catalogue, { name: 'changes', images: 0 });

    await setCollectionState(catalogue, id, { state: 'harvesting', expected: 12, synthetic: true });
    await setCollectionState(catalogue, id, { state: 'harvested', message: '1 record could not be fetched' });

    const found = await findCollection(catalogue, id);
    expect(found).toMatchObject({ state: 'harvested', expected: 12, synthetic: true, settled: true });
    expect(found?.message).toBe('1 record could not be fetched');
    expect(found?.harvestedAt).toBeInstanceOf(Date);
  });

  test('is settled when it is harvested and every image is rejected or has features', async () => {
    const { id, images } = await aCollection(catalogue, { name: 'settling', images: 3 });
    const [first, second, third] = images.map((image) => image.id) as [string, string, string];
    const state = async () => {
      const found = await findCollection(catalogue, id);
      return { ...found?.counts, settled: found?.settled };
    };

    await prepare(catalogue, first, 0);
    await prepare(catalogue, second, 1);
    const rejected = { imageId: third, originalSha256: aSha256(2), reason: 'blank', message: 'one colour' } as const;
    await catalogue.transaction((tx) => recordRejected(tx, rejected, origin));
    await extract(catalogue, first, anIdentity(0));
    expect(await state()).toEqual({ collected: 3, prepared: 2, rejected: 1, extracted: 1, settled: false });

    await extract(catalogue, second, anIdentity(1));
    expect(await state()).toMatchObject({ extracted: 2, settled: false });

    await setCollectionState(catalogue, id, { state: 'harvested' });
    expect(await state()).toMatchObject({ settled: true });
  });

  test('counts only features from the weights with which it was extracted last', async () => {
    const { id, images } = await aSettledCollection(catalogue, { name: 'other weights', images: 2 });
    const [first, second] = images.map((image) => image.id) as [string, string];

    await extract(catalogue, first, anIdentity(0, { weights: aSha256(8) }));

    expect(await findCollection(catalogue, id)).toMatchObject({ counts: { extracted: 1 }, settled: false });
    await extract(catalogue, second, anIdentity(1, { weights: aSha256(8) }));
    expect(await findCollection(catalogue, id)).toMatchObject({ counts: { extracted: 2 }, settled: true });
    expect(await findFeatureOrigin(catalogue, [id])).toEqual({ weights: aSha256(8), numerics: 'float32' });
  });

  test('features from different weights are never mixed', async () => {
    const one = await aSettledCollection(catalogue, { name: 'weights a', images: 1, weights: aSha256(70) });
    const other = await aSettledCollection(catalogue, { name: 'weights b', images: 1, weights: aSha256(71) });

    await expect(findFeatureOrigin(catalogue, [one.id, other.id])).rejects.toThrow(/different weights/);
    expect(await findFeatureOrigin(catalogue, [uuidv7()])).toBeUndefined();
  });

  test('collections are listed newest first, page by page', async () => {
    const all = await listCollections(catalogue, { limit: 1000 });
    const [first, second] = await listCollections(catalogue, { limit: 2 });
    const rest = await listCollections(catalogue, { before: second?.id ?? '', limit: 1000 });

    expect([first, second, ...rest].map((row) => row?.id)).toEqual(all.map((row) => row.id));
    expect(all.map((row) => row.id)).toEqual(
      all
        .map((row) => row.id)
        .toSorted()
        .toReversed(),
    );
  });
});

describe('images', () => {
  test('a batch is catalogued and announced once, whatever was there before', async () => {
    const { id } = await aCollection(catalogue, { name: 'batches', images: 2 });
    const batch = [1, 2, 3].map((n) => anImage(n));
    const record = () =>
      catalogue.transaction((tx) => recordCollected(tx, { collectionId: id, images: batch }, origin));

    const fresh = await record();
    const again = await record();

    expect(fresh.map((image) => image.externalId)).toEqual(['image-2', 'image-3']);
    expect(again).toEqual([]);
    for (const image of fresh) expect(await subjectsAbout(image.id)).toEqual(['xv.image.collected.v1']);
    expect(await findCollectedIds(catalogue, id, ['image-3', 'image-4'])).toEqual(new Set(['image-3']));
  });

  test('keep all that their source says', async () => {
    const { id } = await aCollection(catalogue, { name: 'everything', images: 0 });
    const full = anImage(1, {
      asPrepared: true,
      synthetic: true,
      view: 'frontal',
      sourceUrl: 'https://openi.example/1.png',
      licence: 'CC BY-NC-ND',
      labels: { mesh: ['Nodule/lung'], findings: { nodule: 'present' } },
      report: 'A "quoted" line\nand an emoji 🫁',
      attributes: { age: '61' },
    });
    const [image] = await catalogue.transaction((tx) =>
      recordCollected(tx, { collectionId: id, images: [full] }, origin),
    );

    expect(await findImage(catalogue, image?.id ?? '')).toMatchObject({ ...full, collectionId: id });
    expect(await findImage(catalogue, uuidv7())).toBeUndefined();
  });

  test('are listed oldest first, page by page', async () => {
    const { id } = await aCollection(catalogue, { name: 'pages', images: 5 });
    const first = await listImages(catalogue, { collectionId: id, limit: 3 });
    const rest = await listImages(catalogue, { collectionId: id, after: first.at(-1)?.id ?? '', limit: 3 });

    expect([...first, ...rest].map((image) => image.externalId)).toEqual([0, 1, 2, 3, 4].map((n) => `image-${n}`));
  });
});

describe('preparation and features', () => {
  test('the last word on an image holds: prepared, then rejected, then prepared', async () => {
    const { images } = await aCollection(catalogue, { name: 'last word', images: 1 });
    const imageId = images[0]?.id ?? '';
    expect(await findPreparation(catalogue, imageId)).toBeUndefined();

    await prepare(catalogue, imageId, 0);
    await catalogue.transaction((tx) =>
      recordRejected(tx, { imageId, originalSha256: aSha256(0), reason: 'unreadable', message: 'not a PNG' }, origin),
    );
    expect(await findPreparation(catalogue, imageId)).toEqual({ reason: 'unreadable', message: 'not a PNG' });
    await prepare(catalogue, imageId, 0);

    expect(await findPreparation(catalogue, imageId)).toEqual({
      preparedSha256: aSha256(1000),
      preprocessing: 'centre-crop-224-v1',
    });
    expect(await subjectsAbout(imageId)).toEqual([
      'xv.image.collected.v1',
      'xv.image.prepared.v1',
      'xv.image.rejected.v1',
      'xv.image.prepared.v1',
    ]);
  });

  test('a content key keeps its first row, and the event tells that row', async () => {
    const { images } = await aCollection(catalogue, { name: 'content key', images: 2 });
    const identity = anIdentity(77);
    expect(await findFeatures(catalogue, [identity])).toEqual([undefined]);

    const kept = [];
    for (const [n, image] of images.entries()) {
      const features = { imageId: image.id, identity, featureSha256: aSha256(3000 + n), engine: `engine ${n}` };
      kept.push(await catalogue.transaction((tx) => recordFeatures(tx, features, origin)));
    }

    const first = { featureSha256: aSha256(3000), engine: 'engine 0' };
    expect(kept).toEqual([first, first]);
    expect(await findFeatures(catalogue, [{ ...identity, numerics: 'other' }, identity])).toEqual([undefined, first]);
    const events = await listEvents(catalogue, { about: images[1]?.id ?? '' });
    expect(events.at(-1)?.envelope.data).toMatchObject({ imageId: images[1]?.id, ...first });
  });

  test('weights stay as they were first described', async () => {
    const described = { weights: aSha256(9), backbone: 'vgg16', trained: false, origin: 'He-initialised' } as const;
    await recordWeights(catalogue, described);
    await recordWeights(catalogue, { ...described, origin: 'another' });

    expect(await findWeights(catalogue, aSha256(9))).toMatchObject(described);
    expect(await findWeights(catalogue, aSha256(10))).toBeUndefined();
  });
});
