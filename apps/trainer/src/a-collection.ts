import { createHash, randomUUID } from 'node:crypto';
import { openStores, type Stores } from '@xvision/blob-store';
import {
  type Catalogue,
  insertCollection,
  insertRun,
  migrate,
  type Origin,
  openCatalogue,
  recordCollected,
  recordFeatures,
  recordPrepared,
  recordWeights,
  setCollectionState,
} from '@xvision/catalogue';
import {
  type FeatureIdentity,
  POOL5_LENGTH,
  PREPROCESSING_VERSION,
  type RunSettingsInput,
  runSettingsSchema,
  type SourceLabels,
  VGG16_IMAGENET_WEIGHTS,
} from '@xvision/contracts';
import { startPostgres, temporaryFolder } from '@xvision/testing';

/** For this service's tests: rows as the services before it leave them. */
const origin: Origin = { source: 'xvision/test' };

export interface TestStore extends Stores, AsyncDisposable {
  readonly catalogue: Catalogue;
  readonly url: string;
  /** Root folder of the blob store. */
  readonly root: string;
}

/** A migrated catalogue and a blob store of their own. */
export async function openTestStore(): Promise<TestStore> {
  const [postgres, folder] = await Promise.all([startPostgres(), temporaryFolder()]);
  await migrate(postgres.url);
  const catalogue = openCatalogue({ url: postgres.url, applicationName: 'trainer-test' });
  const stores = await openStores({ XVISION_STORE: folder.path });
  return {
    ...stores,
    catalogue,
    url: postgres.url,
    root: folder.path,
    async [Symbol.asyncDispose]() {
      await catalogue[Symbol.asyncDispose]();
      await postgres.stop();
      await folder[Symbol.asyncDispose]();
    },
  };
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export interface GivenImage {
  readonly file: string;
  readonly patient?: string;
  readonly labels: SourceLabels;
  readonly view?: 'frontal' | 'lateral' | 'unknown';
  /** Same text, same pixels. */
  readonly pixels?: string;
  readonly features?: Float32Array;
  readonly perceptualHash?: string;
  readonly identity?: Partial<FeatureIdentity>;
}

/** Images of two classes that a head can tell apart, though not perfectly; the same ones every time. */
export function someImages(count: number): GivenImage[] {
  return Array.from({ length: count }, (_, index) => {
    const label = index % 2 === 0 ? 'normal' : 'nodule';
    const file = `${String(index).padStart(3, '0')}.png`;
    return { file, labels: { label }, features: someFeatures(index, index % 2) };
  });
}

/** Sparse, not negative, like pool5. */
export function someFeatures(seed: number, label: number): Float32Array {
  let state = seed * 7919 + 17;
  const row = new Float32Array(POOL5_LENGTH);
  for (let i = 0; i < row.length; i += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const noise = state / 2 ** 32;
    row[i] = Math.max(0, noise - 0.7 + (i % 97 === 0 ? label * 0.15 : 0)) * 10;
  }
  return row;
}

/** A harvested collection whose images are prepared and extracted. */
export async function aCollection(
  { catalogue, blobs }: TestStore,
  images: readonly GivenImage[],
  name = `collection-${randomUUID()}`,
): Promise<string> {
  await recordWeights(catalogue, { weights: VGG16_IMAGENET_WEIGHTS, backbone: 'vgg16', trained: true, origin: 'test' });
  const { id } = await catalogue.transaction((tx) =>
    insertCollection(tx, { source: 'openi', name, purpose: 'dataset' }, origin),
  );
  const collected = await catalogue.transaction((tx) =>
    recordCollected(
      tx,
      {
        collectionId: id,
        images: images.map(({ file, patient = file, labels, view = 'frontal' }) => {
          const bytes = { originalSha256: sha256(file), mediaType: 'image/png' as const, byteLength: 1000 };
          return { externalId: file, ...bytes, patient, view, labels };
        }),
      },
      origin,
    ),
  );
  const idOf = new Map(collected.map((one) => [one.externalId, one.id]));
  for (const image of images) await extract({ catalogue, blobs }, image, idOf.get(image.file) ?? '');
  await setCollectionState(catalogue, id, { state: 'harvested' });
  return id;
}

async function extract(
  { catalogue, blobs }: Pick<TestStore, 'catalogue' | 'blobs'>,
  { file, pixels = file, features, perceptualHash, identity: change }: GivenImage,
  imageId: string,
): Promise<void> {
  const identity: FeatureIdentity = {
    preparedSha256: sha256(`prepared ${pixels}`),
    backbone: 'vgg16',
    weights: VGG16_IMAGENET_WEIGHTS,
    preprocessing: PREPROCESSING_VERSION,
    numerics: 'float32',
    ...change,
  };
  const { preparedSha256, preprocessing } = identity;
  const prepared = { imageId, originalSha256: sha256(file), preparedSha256, preprocessing, width: 300, height: 300 };
  const bytes = features === undefined ? undefined : new Uint8Array(features.buffer);
  const featureSha256 = bytes === undefined ? undefined : await blobs.put(bytes);
  await catalogue.transaction(async (tx) => {
    const quality = perceptualHash === undefined ? {} : { perceptualHash };
    await recordPrepared(tx, { ...prepared, quality, greyStatistics: Array.from({ length: 15 }, () => 0) }, origin);
    if (featureSha256 === undefined) return;
    await recordFeatures(tx, { imageId, identity, featureSha256, engine: 'onnx-cpu (test)' }, origin);
  });
}

/** Normal against nodule by CSV label, unless told otherwise. */
export const task = {
  name: 'nodule',
  classes: ['normal', 'nodule'].map((name) => ({ name, rule: { kind: 'label-only' as const } })),
  split: { kind: 'cross-validation' as const, folds: 3 },
};

/** A run as the relay's sweeper leaves it. */
export async function aRun(
  { catalogue }: Pick<TestStore, 'catalogue'>,
  collections: readonly string[],
  settings: Partial<RunSettingsInput> = {},
): Promise<string> {
  const parsed = runSettingsSchema.parse({
    task,
    collections,
    head: 'seed-mlp',
    epochs: 3,
    batchSize: 8,
    ...settings,
  });
  return await catalogue.transaction((tx) => insertRun(tx, parsed));
}
