import { createHash, randomUUID } from 'node:crypto';
import type { BlobStore } from '@xvision/blob-store';
import {
  type Catalogue,
  insertCollection,
  insertRun,
  type Origin,
  recordCollected,
  recordFeatures,
  recordModel,
  recordPrepared,
  recordRejected,
  recordWeights,
  setRunState,
  type Transaction,
} from '@xvision/catalogue';
import {
  type FeatureIdentity,
  POOL5_LENGTH,
  PREPROCESSING_VERSION,
  runSettingsSchema,
  VGG16_IMAGENET_WEIGHTS,
  type View,
} from '@xvision/contracts';
import { type HeadCard, writeSafetensors } from '@xvision/learning';

/** For this service's tests: rows as the services before it leave them. */
const origin: Origin = { source: 'xvision/test' };

const CLASSES = ['normal', 'nodule'] as const;

export function sha256(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}

/** One prepared and extracted image, or a rejected one, or one that nobody has looked at yet. */
export interface GivenImage {
  readonly file: string;
  readonly patient?: string;
  readonly view?: View;
  readonly label?: string;
  readonly mesh?: readonly string[];
  readonly outcome?: 'extracted' | 'rejected' | 'untouched';
  readonly grey?: readonly number[];
  readonly feature?: Float32Array;
  readonly identity?: Partial<FeatureIdentity>;
}

export interface Stored {
  readonly catalogue: Catalogue;
  readonly blobs: BlobStore;
}

export async function aCollection(
  { catalogue, blobs }: Stored,
  images: readonly GivenImage[],
  purpose: 'dataset' | 'prediction' = 'dataset',
): Promise<{ id: string; imageIds: string[] }> {
  const name = `collection-${randomUUID()}`;
  const { id } = await catalogue.transaction((tx) => insertCollection(tx, { source: 'openi', name, purpose }, origin));
  const found = await catalogue.transaction((tx) =>
    recordCollected(
      tx,
      {
        collectionId: id,
        images: images.map(({ file, patient = file, view = 'frontal', label, mesh }) => ({
          externalId: file,
          originalSha256: sha256(file),
          mediaType: 'image/png' as const,
          byteLength: 1000,
          patient,
          view,
          ...(label === undefined ? {} : { labels: { label } }),
          ...(mesh === undefined ? {} : { labels: { mesh: [...mesh] } }),
        })),
      },
      origin,
    ),
  );
  const idOf = new Map(found.map((one) => [one.externalId, one.id]));
  const imageIds = images.map(({ file }) => idOf.get(file) ?? '');
  await catalogue.transaction(async (tx) => {
    for (const [index, image] of images.entries()) await process({ tx, blobs }, image, imageIds[index] ?? '');
  });
  return { id, imageIds };
}

async function process(
  { tx, blobs }: { tx: Transaction; blobs: BlobStore },
  image: GivenImage,
  imageId: string,
): Promise<void> {
  const { file, outcome = 'extracted', grey = [], feature = aFeatureRow(0) } = image;
  const originalSha256 = sha256(file);
  if (outcome === 'untouched') return;
  if (outcome === 'rejected') {
    const rejected = { imageId, originalSha256, reason: 'blank' as const, message: `${file} is blank: send another` };
    await recordRejected(tx, rejected, origin);
    return;
  }
  const identity: FeatureIdentity = {
    preparedSha256: sha256(`prepared ${file}`),
    backbone: 'vgg16',
    weights: VGG16_IMAGENET_WEIGHTS,
    preprocessing: PREPROCESSING_VERSION,
    numerics: 'float32',
    ...image.identity,
  };
  const { preparedSha256, preprocessing } = identity;
  const prepared = { imageId, originalSha256, preparedSha256, preprocessing, width: 300, height: 300 };
  await recordPrepared(tx, { ...prepared, greyStatistics: grey }, origin);
  const featureSha256 = await blobs.put(new Uint8Array(feature.buffer, feature.byteOffset, feature.byteLength));
  const row = { imageId, identity, featureSha256, engine: 'onnx-cpu (test)' };
  await recordFeatures(tx, row, origin);
}

/** A row whose every value is `value`; the test head calls large ones nodules. */
export function aFeatureRow(value: number): Float32Array {
  return new Float32Array(POOL5_LENGTH).fill(value);
}

export interface GivenMember {
  /** Position in the collection's images. */
  readonly image: number;
  readonly label: number;
  readonly folds: readonly number[];
  /** Per repeat in which it is tested. */
  readonly scores?: readonly { repeat: number; fold: number; probabilities: readonly number[] }[];
}

export interface TrainedRun {
  readonly runId: string;
  readonly modelId: string;
  readonly modelSha256: string;
  readonly datasetSha256: string;
}

/** A run as the trainer leaves it: dataset, members, model in the store, test scores, state `trained`. */
export async function aTrainedRun(
  { catalogue, blobs }: Stored,
  collection: { readonly id: string; readonly imageIds: readonly string[] },
  given: { readonly members: readonly GivenMember[]; readonly untrained?: boolean; readonly synthetic?: boolean },
): Promise<TrainedRun> {
  const { members, untrained = false, synthetic = false } = given;
  const weights = untrained ? sha256('untrained') : VGG16_IMAGENET_WEIGHTS;
  await recordWeights(catalogue, { weights, backbone: 'vgg16', trained: !untrained, origin: 'a test' });
  const task = {
    name: 'nodule',
    classes: CLASSES.map((name) => ({ name, rule: { kind: 'label-only' as const } })),
  };
  const settings = runSettingsSchema.parse({ task, collections: [collection.id], head: 'logistic', seed: 3 });
  const runId = await catalogue.transaction((tx) => insertRun(tx, settings));
  const datasetSha256 = sha256(`dataset of ${runId}`);
  await catalogue.prisma.$executeRaw`
    INSERT INTO dataset (sha256, task, images, patients, per_class, synthetic, backbone, weights, numerics)
    VALUES (${datasetSha256}, ${JSON.stringify(settings.task)}::jsonb, ${members.length}, ${members.length}, '{}',
      ${synthetic}, 'vgg16', ${weights}, 'float32')`;
  for (const [position, { image, label, folds }] of members.entries()) {
    await catalogue.prisma.$executeRaw`
      INSERT INTO dataset_member (dataset_sha256, position, image_id, label, patient, feature_sha256, folds)
      SELECT ${datasetSha256}, ${position}, id, ${label}, patient,
        coalesce((SELECT max(feature_sha256) FROM prepared_image JOIN feature USING (prepared_sha256)
          WHERE prepared_image.image_id = image.id), 'none'), ${[...folds]}::smallint[]
      FROM image WHERE id = ${collection.imageIds[image] ?? ''}::uuid`;
  }
  const { bytes, card } = await aLogisticHead({ weights, dataset: datasetSha256 });
  const modelSha256 = await blobs.put(bytes);
  const model = { runId, contentKey: `key of ${runId}`, sha256: modelSha256, datasetSha256, card };
  const { id: modelId } = await catalogue.transaction((tx) => recordModel(tx, model));
  for (const { image, label, scores = [] } of members) {
    for (const { repeat, fold, probabilities } of scores) {
      await catalogue.prisma.$executeRaw`
        INSERT INTO test_score (model_id, image_id, repeat, fold, label, probabilities)
        VALUES (${modelId}::uuid, ${collection.imageIds[image] ?? ''}::uuid, ${repeat}, ${fold}, ${label},
          ${[...probabilities]}::float8[])`;
    }
  }
  await setRunState(catalogue, runId, { state: 'trained', datasetSha256, synthetic });
  return { runId, modelId, modelSha256, datasetSha256 };
}

/** A real model file: the probability of a nodule grows with the mean of the square roots of the row. */
async function aLogisticHead(given: {
  weights: string;
  dataset: string;
}): Promise<{ bytes: Uint8Array; card: HeadCard }> {
  const column = (name: string, value: number) => ({
    name,
    dims: [POOL5_LENGTH],
    type: 'F64' as const,
    pieces: () => [new Float64Array(POOL5_LENGTH).fill(value)],
  });
  const intercepts = { name: 'intercepts', dims: [1], type: 'F64' as const, pieces: () => [Float64Array.of(0)] };
  const tensors = [column('mean', 1), column('deviation', 1), column('weights', 1 / POOL5_LENGTH), intercepts];
  const parts: Uint8Array[] = [];
  for await (const part of writeSafetensors(tensors)) parts.push(part);
  const bytes = Buffer.concat(parts);
  const hyperParameters = { seed: 3, epochs: 20, batchSize: 20, learningRate: 0.01, momentum: 0, weightDecay: 0 };
  return {
    bytes,
    card: {
      format: 'xvision-head-1',
      head: 'logistic',
      classes: [...CLASSES],
      task: 'nodule',
      backbone: 'vgg16',
      trainedBackbone: true,
      preprocessing: PREPROCESSING_VERSION,
      numerics: 'float32',
      featureLength: POOL5_LENGTH,
      hyperParameters,
      synthetic: false,
      sha256: sha256(bytes),
      ...given,
    },
  };
}
