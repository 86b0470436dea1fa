import { createHash } from 'node:crypto';
import { untrainedWeights } from '@xvision/backbone';
import {
  insertCollection,
  insertRun,
  recordCollected,
  recordFeatures,
  recordModel,
  recordPrepared,
  recordWeights,
  setCollectionState,
} from '@xvision/catalogue';
import { encodeGrey } from '@xvision/imaging';
import { type HeadCard, writeSafetensors } from '@xvision/learning';
import { settings, sha256, type TestApi } from './test-api.js';

const origin = { source: 'xvision/test' };
const HIDDEN = 512;
const LENGTH = 25_088;
const preprocessing = 'centre-crop-224-v1';

const SHAPES = {
  firstWeights: [LENGTH, HIDDEN],
  firstMean: [HIDDEN],
  firstVariance: [HIDDEN],
  firstGain: [HIDDEN],
  firstShift: [HIDDEN],
  secondWeights: [HIDDEN, HIDDEN],
  secondMean: [HIDDEN],
  secondVariance: [HIDDEN],
  secondGain: [HIDDEN],
  secondShift: [HIDDEN],
  outputWeights: [HIDDEN, 2],
  outputBias: [2],
};

/** A whole head file; every value follows from its place. */
async function aHeadFile(): Promise<Buffer> {
  const tensors = Object.entries(SHAPES).map(([part, dims]) => {
    const length = dims.reduce((product, size) => product * size, 1);
    const pieces = () => [Float32Array.from({ length }, (_, i) => (part.includes('Variance') ? 1 : Math.sin(i) / 20))];
    return { name: `member.0.${part}`, dims, type: 'F32' as const, pieces };
  });
  const parts: Uint8Array[] = [];
  for await (const part of writeSafetensors(tensors)) parts.push(part.slice());
  return Buffer.concat(parts);
}

/** A picture with something in it. */
async function aPicture(width: number, height: number): Promise<Uint8Array> {
  const pixels = Uint8Array.from({ length: width * height }, (_, i) => (i * 7 + Math.floor(i / width) * 13) % 251);
  return await encodeGrey(pixels, { width, height });
}

/** For this app's own tests: an image that went through the pipeline, and a model that can be explained on it. */
export async function anExplainedModel({ catalogue, blobs }: Pick<TestApi, 'catalogue' | 'blobs'>) {
  const weights = untrainedWeights().identity;
  const original = await aPicture(300, 260);
  const originalSha256 = await blobs.put(original);
  const preparedSha256 = await blobs.put(await aPicture(224, 224));
  const row = Float32Array.from({ length: LENGTH }, (_, i) => (i % 3 === 0 ? Math.abs(Math.cos(i)) : 0));
  const featureSha256 = await blobs.put(Buffer.from(row.buffer));
  await recordWeights(catalogue, { weights, backbone: 'vgg16', trained: false, origin: 'a test' });
  const { collectionId, imageId } = await catalogue.transaction(async (tx) => {
    const { id } = await insertCollection(tx, { source: 'openi', name: 'explained', purpose: 'dataset' }, origin);
    const record = {
      externalId: 'a.png',
      originalSha256,
      mediaType: 'image/png' as const,
      byteLength: original.length,
    };
    const of = { patient: 'p', view: 'frontal' as const, labels: { label: 'nodule' }, synthetic: true as const };
    const [image] = await recordCollected(tx, { collectionId: id, images: [{ ...record, ...of }] }, origin);
    if (image === undefined) throw new Error('one record is one image');
    const size = { width: 300, height: 260, greyStatistics: Array.from({ length: 15 }, () => 0) };
    await recordPrepared(tx, { imageId: image.id, originalSha256, preparedSha256, preprocessing, ...size }, origin);
    const identity = { preparedSha256, backbone: 'vgg16', weights, preprocessing, numerics: 'float32' } as const;
    await recordFeatures(tx, { imageId: image.id, identity, featureSha256, engine: 'onnx-cpu' }, origin);
    return { collectionId: id, imageId: image.id };
  });
  await setCollectionState(catalogue, collectionId, { state: 'harvested', expected: 1, synthetic: true });

  const file = await aHeadFile();
  const sha = await blobs.put(file);
  const card: HeadCard = {
    format: 'xvision-head-1',
    head: 'seed-mlp',
    classes: ['normal', 'nodule'],
    task: 'nodule',
    backbone: 'vgg16',
    weights,
    trainedBackbone: false,
    preprocessing,
    numerics: 'float32',
    featureLength: LENGTH,
    hyperParameters: { seed: 1, epochs: 1, batchSize: 1, learningRate: 1, momentum: 0, weightDecay: 0 },
    dataset: sha256(Buffer.from('explained')),
    synthetic: false,
    sha256: createHash('sha256').update(file).digest('hex'),
  };
  const dataset = card.dataset;
  const counted = { task: settings.task, images: 1, patients: 1, perClass: { normal: 0, nodule: 1 } };
  const made = { synthetic: false, backbone: 'vgg16', weights, numerics: 'float32' };
  await catalogue.prisma.dataset.create({ data: { sha256: dataset, ...counted, ...made } });
  const runId = await catalogue.transaction((tx) => insertRun(tx, { ...settings, collections: [collectionId] }));
  const model = { runId, contentKey: dataset, sha256: sha, datasetSha256: dataset, card };
  const { id: modelId } = await catalogue.transaction((tx) => recordModel(tx, model));
  return { imageId, modelId };
}
