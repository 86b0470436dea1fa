import type { CollectionRequest, FeatureIdentity } from '@xvision/contracts';
import { startPostgres, type TestPostgres } from '@xvision/testing';
import { type Catalogue, openCatalogue } from './catalogue.js';
import { migrate } from './migrate.js';
import type { Origin } from './outbox.js';
import { insertCollection, setCollectionState } from './queries/collections.js';
import { recordFeatures } from './queries/features.js';
import { type CollectedImage, type RecordedImage, recordCollected } from './queries/images.js';
import { recordPrepared } from './queries/prepared-images.js';

/** For this package's own tests: a migrated database on a server of its own. */
export interface TestCatalogue extends AsyncDisposable {
  readonly catalogue: Catalogue;
  readonly url: string;
  readonly postgres: TestPostgres;
}

export async function startCatalogue(): Promise<TestCatalogue> {
  const postgres = await startPostgres();
  await migrate(postgres.url);
  const catalogue = openCatalogue({ url: postgres.url, applicationName: 'test' });
  return {
    catalogue,
    url: postgres.url,
    postgres,
    async [Symbol.asyncDispose]() {
      await catalogue[Symbol.asyncDispose]();
      await postgres.stop();
    },
  };
}

export const origin: Origin = { source: 'xvision/test' };

/** 64 hexadecimal digits that differ by `n`. */
export function aSha256(n = 0): string {
  return n.toString(16).padStart(64, '0');
}

export function anImage(n: number, change: Partial<CollectedImage> = {}): CollectedImage {
  return {
    externalId: `image-${n}`,
    originalSha256: aSha256(n),
    mediaType: 'image/png',
    byteLength: 1000 + n,
    patient: `patient-${n}`,
    ...change,
  };
}

export function anIdentity(n: number, change: Partial<FeatureIdentity> = {}): FeatureIdentity {
  return {
    preparedSha256: aSha256(1000 + n),
    backbone: 'vgg16',
    weights: aSha256(7),
    preprocessing: 'centre-crop-224-v1',
    numerics: 'float32',
    ...change,
  };
}

export async function aCollection(
  catalogue: Catalogue,
  { name = 'radiographs', images = 3 }: { name?: string; images?: number } = {},
): Promise<{ id: string; images: RecordedImage[] }> {
  const request: CollectionRequest = { source: 'openi', name, purpose: 'dataset' };
  return await catalogue.transaction(async (tx) => {
    const { id } = await insertCollection(tx, request, origin);
    const batch = Array.from({ length: images }, (_, n) => anImage(n));
    const recorded = await recordCollected(tx, { collectionId: id, images: batch }, origin);
    await setCollectionState(tx, id, { state: 'harvesting', expected: images });
    return { id, images: recorded };
  });
}

export async function prepare(catalogue: Catalogue, imageId: string, n: number): Promise<void> {
  const { preparedSha256, preprocessing } = anIdentity(n);
  const size = { width: 1024, height: 768, greyStatistics: Array.from({ length: 15 }, (_, at) => at) };
  await catalogue.transaction((tx) =>
    recordPrepared(tx, { imageId, originalSha256: aSha256(n), preparedSha256, preprocessing, ...size }, origin),
  );
}

export async function extract(catalogue: Catalogue, imageId: string, identity: FeatureIdentity): Promise<void> {
  const features = { imageId, identity, featureSha256: aSha256(2000), engine: 'onnx-cpu' };
  await catalogue.transaction((tx) => recordFeatures(tx, features, origin));
}

/** Harvested, prepared and extracted: nothing of it is unsettled. */
export async function aSettledCollection(
  catalogue: Catalogue,
  { name = 'radiographs', images = 3, weights = aSha256(7) } = {},
): Promise<{ id: string; images: RecordedImage[] }> {
  const collection = await aCollection(catalogue, { name, images });
  for (const [n, image] of collection.images.entries()) {
    await prepare(catalogue, image.id, n);
    await extract(catalogue, image.id, anIdentity(n, { weights }));
  }
  await setCollectionState(catalogue, collection.id, { state: 'harvested' });
  return collection;
}
