import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { type BlobStore, openStores } from '@xvision/blob-store';
import {
  type Catalogue,
  insertCollection,
  insertRun,
  migrate,
  openCatalogue,
  recordCollected,
  recordFeatures,
  recordModel,
  recordPrepared,
  recordRejected,
  recordWeights,
  setCollectionState,
  setRunState,
} from '@xvision/catalogue';
import { type RunReport, runSettingsSchema } from '@xvision/contracts';
import { openDecoderPool } from '@xvision/imaging';
import { startPostgres, type TestPostgres, temporaryFolder } from '@xvision/testing';
import type { Express } from 'express';
import { openMapDrawer } from '../explanation/explain-aside.js';
import { openModelWriter } from '../export/export-aside.js';
import { createEventFeed } from '../live/event-feed.js';
import { createPipelineFeed } from '../live/pipeline-feed.js';
import { createStorageGauge } from '../live/storage-gauge.js';
import { createApp } from './create-app.js';
import type { ApiDependencies, Broker } from './dependencies.js';

/** For this app's own tests: the API over a real database and real stores; a broker where a test brings one. */
export interface TestApi extends AsyncDisposable {
  readonly app: Express;
  readonly url: string;
  readonly databaseUrl: string;
  /** Folder of the stores. */
  readonly storeRoot: string;
  readonly catalogue: Catalogue;
  readonly blobs: BlobStore;
  readonly quarantine: BlobStore;
  readonly postgres: TestPostgres;
  /** What the server wrote to its log at level error. */
  readonly errors: readonly unknown[];
}

const awayBroker: Broker = { lag: () => Promise.resolve(null), version: () => null };

export async function startApi(
  change: Partial<
    Pick<ApiDependencies, 'authentication' | 'maxUploadBytes' | 'requestsPerMinute' | 'broker' | 'webRoot'>
  > = {},
): Promise<TestApi> {
  const postgres = await startPostgres();
  await migrate(postgres.url);
  const folder = await temporaryFolder();
  const stores = await openStores({ XVISION_STORE: path.join(folder.path, 'store') });
  const catalogue = openCatalogue({ url: postgres.url, applicationName: 'xvision/dashboard' });
  const stopping = new AbortController();
  const errors: unknown[] = [];
  const log = { info: () => undefined, warn: () => undefined, error: (details: object) => void errors.push(details) };
  const broker = change.broker ?? awayBroker;
  const storeRoot = path.join(folder.path, 'store');
  const where = { storeRoot, cacheDir: undefined, weightsFile: undefined, offline: true, threads: 1 };
  const maps = openMapDrawer(where);
  const decoder = openDecoderPool();
  const app = createApp({
    maps,
    exports: openModelWriter(where),
    decoder,
    ...stores,
    catalogue,
    broker,
    log,
    version: '0.1.0',
    stopping: stopping.signal,
    events: createEventFeed(catalogue, log),
    pipeline: createPipelineFeed({ db: catalogue, broker, log }),
    storage: createStorageGauge({ storeRoot, log, stopping: stopping.signal }),
    authentication: 'none',
    maxUploadBytes: 1_000_000,
    requestsPerMinute: 100_000,
    ...change,
  });
  const server = createServer(app);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    ...stores,
    app,
    catalogue,
    postgres,
    errors,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    databaseUrl: postgres.url,
    storeRoot,
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await maps[Symbol.asyncDispose]();
      await decoder[Symbol.asyncDispose]();
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
      await catalogue[Symbol.asyncDispose]();
      await postgres.stop();
      await folder[Symbol.asyncDispose]();
    },
  };
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

const weights = sha256(Buffer.from('weights'));
const origin = { source: 'xvision/test' };

export interface SeededImage {
  readonly id: string;
  readonly file: string;
}

/**
 * A harvested collection of six images: the first five prepared and extracted, the last one rejected.
 * Labels alternate between normal and nodule.
 */
export async function seedCollection(
  { catalogue, blobs }: Pick<TestApi, 'catalogue' | 'blobs'>,
  { name = 'radiographs' } = {},
): Promise<{ id: string; images: SeededImage[] }> {
  const originals = await Promise.all([0, 1, 2, 3, 4, 5].map((n) => blobs.put(Buffer.from(`original ${name} ${n}`))));
  const records = originals.map((originalSha256, n) => ({
    externalId: `patient-${n}.png`,
    originalSha256,
    mediaType: 'image/png' as const,
    byteLength: 12 + name.length,
    patient: `patient-${n}`,
    view: n === 4 ? ('lateral' as const) : ('frontal' as const),
    labels: { label: n % 2 === 0 ? 'normal' : 'nodule' },
    synthetic: true,
  }));
  const { id, images } = await catalogue.transaction(async (tx) => {
    const { id } = await insertCollection(tx, { source: 'openi', name, purpose: 'dataset' }, origin);
    return { id, images: await recordCollected(tx, { collectionId: id, images: records }, origin) };
  });
  await recordWeights(catalogue, { weights, backbone: 'vgg16', trained: false, origin: 'a test' });
  const sorted = images.toSorted((a, b) => a.externalId.localeCompare(b.externalId));
  for (const [n, image] of sorted.entries()) {
    const originalSha256 = originals[n] ?? '';
    if (n === 5) await reject(catalogue, image.id, originalSha256);
    else await extract({ catalogue, blobs }, image.id, { originalSha256, n });
  }
  await setCollectionState(catalogue, id, { state: 'harvested', expected: 6, synthetic: true });
  return { id, images: sorted.map((image) => ({ id: image.id, file: image.externalId })) };
}

async function reject(catalogue: Catalogue, imageId: string, originalSha256: string): Promise<void> {
  const why = { reason: 'truncated', message: 'the file ends early: fetch it again' } as const;
  await catalogue.transaction((tx) => recordRejected(tx, { imageId, originalSha256, ...why }, origin));
}

async function extract(
  { catalogue, blobs }: Pick<TestApi, 'catalogue' | 'blobs'>,
  imageId: string,
  { originalSha256, n }: { originalSha256: string; n: number },
): Promise<void> {
  const preparedSha256 = await blobs.put(Buffer.from(`prepared ${n}`));
  const featureSha256 = await blobs.put(featureRow(n));
  const preprocessing = 'centre-crop-224-v1';
  const size = { width: 1024, height: 768, greyStatistics: Array.from({ length: 15 }, () => 0) };
  const identity = { preparedSha256, backbone: 'vgg16', weights, preprocessing, numerics: 'float32' } as const;
  await catalogue.transaction(async (tx) => {
    await recordPrepared(tx, { imageId, originalSha256, preparedSha256, preprocessing, ...size }, origin);
    await recordFeatures(tx, { imageId, identity, featureSha256, engine: 'onnx-cpu' }, origin);
  });
}

/** A pool5 row full of one number. */
export function featureRow(n: number): Buffer {
  return Buffer.from(new Float32Array(25_088).fill(n).buffer);
}

export const settings = runSettingsSchema.parse({
  task: {
    name: 'nodule',
    classes: [
      { name: 'normal', rule: { kind: 'label-only' } },
      { name: 'nodule', rule: { kind: 'label-only' } },
    ],
    split: { kind: 'cross-validation', folds: 2 },
  },
  collections: ['01890000-0000-7000-8000-000000000000'],
});

/** An evaluated run over the five extracted images; only the network of the fourth image is wrong. */
export async function seedRun(
  { catalogue }: Pick<TestApi, 'catalogue'>,
  collection: { id: string; images: readonly SeededImage[] },
): Promise<{ runId: string; modelId: string; dataset: string }> {
  const members = collection.images.slice(0, 5);
  const dataset = sha256(randomBytes(8));
  const runId = await catalogue.transaction((tx) => insertRun(tx, { ...settings, collections: [collection.id] }));
  const common = { task: settings.task, images: 5, patients: 5, perClass: { normal: 3, nodule: 2 } };
  const made = { synthetic: true, backbone: 'vgg16', weights, numerics: 'float32' };
  await catalogue.prisma.dataset.create({ data: { sha256: dataset, ...common, ...made } });
  await catalogue.prisma.datasetMember.createMany({
    data: members.map((image, position) => ({
      datasetSha256: dataset,
      position,
      imageId: image.id,
      label: position % 2,
      patient: `patient-${position}`,
      featureSha256: sha256(featureRow(position)),
      folds: [position === 4 ? -1 : position % 2],
    })),
  });
  await setRunState(catalogue, runId, { state: 'training', datasetSha256: dataset, synthetic: true });
  const card = { classes: ['normal', 'nodule'], head: 'seed-mlp' };
  const model = { runId, contentKey: dataset, sha256: dataset, datasetSha256: dataset, card };
  const { id: modelId } = await catalogue.transaction((tx) => recordModel(tx, model));
  await catalogue.prisma.testScore.createMany({
    data: members.slice(0, 4).map((image, n) => {
      const probabilities = n === 3 || n % 2 === 0 ? [0.75, 0.25] : [0.25, 0.75];
      return { modelId, imageId: image.id, repeat: 0, fold: n % 2, label: n % 2, probabilities };
    }),
  });
  await catalogue.prisma.epoch.createMany({
    data: [1, 2, 3].map((epoch) => ({ runId, fold: -1, member: 0, epoch, loss: 1 / epoch })),
  });
  const report = aReport({ run: runId, model: modelId, dataset });
  await catalogue.prisma.evaluation.create({ data: { runId, modelId, report, reportSha256: dataset } });
  await setRunState(catalogue, runId, { state: 'evaluated' });
  return { runId, modelId, dataset };
}

function aReport(ids: Pick<RunReport, 'run' | 'model' | 'dataset'>): RunReport {
  const estimate = { value: 0.75, low: 0.5, high: 0.9 };
  const perClass = ['normal', 'nodule'].map((label) => ({
    label,
    precision: estimate,
    recall: estimate,
    f1: estimate,
    support: 2,
  }));
  return {
    ...ids,
    task: 'nodule',
    synthetic: true,
    engine: 'onnx-cpu',
    weights,
    untrainedBackbone: true,
    head: 'seed-mlp',
    seed: 1,
    counts: { collected: 6, prepared: 5, rejected: 1, extracted: 5, train: 5, test: 4 },
    metrics: {
      auc: estimate,
      withinFoldAuc: 0.75,
      accuracy: estimate,
      brier: estimate,
      classes: ['normal', 'nodule'],
      confusion: [
        [2, 0],
        [1, 1],
      ],
      perClass,
      baseline: { auc: estimate, gain: { value: 0.01, low: -0.1, high: 0.1 }, verdict: 'cannot be told from no gain' },
      warnings: ['every image is synthetic'],
    },
    notice: 'Research use only; not a medical device',
  };
}
