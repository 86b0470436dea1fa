import { imageDetailSchema, imageSummarySchema, pageOf } from '@xvision/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { featureRow, seedCollection, seedRun, sha256, startApi, type TestApi } from './test-api.js';
import { getFrom, refused, requestTo } from './test-requests.js';

let api: TestApi;
let collection: Awaited<ReturnType<typeof seedCollection>>;
let run: Awaited<ReturnType<typeof seedRun>>;
beforeAll(async () => {
  api = await startApi();
  collection = await seedCollection(api);
  run = await seedRun(api, collection);
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

const http = () => requestTo(api);
const get = <Schema extends z.ZodType>(path: string, schema: Schema) => getFrom(api, path, schema);

describe('images', () => {
  const files = async (query: string) =>
    (await get(`/api/images?collection=${collection.id}&${query}`, pageOf(imageSummarySchema))).items.map(
      (one) => one.file,
    );

  test.each([
    ['stage=rejected', [5]],
    ['stage=extracted', [0, 1, 2, 3, 4]],
    ['view=lateral', [4]],
    ['label=nodule', [1, 3, 5]],
    ['source=folder', []],
  ])('%s finds exactly those images', async (query, expected) => {
    expect(await files(query)).toEqual(expected.map((n) => `patient-${n}.png`));
  });

  test.each([
    ['label=nodule', [1, 3]],
    ['label=none', []],
    ['split=train', [4]],
    ['split=test', [0, 1, 2, 3]],
    ['outcome=wrong', [3]],
    ['outcome=correct', [0, 1, 2]],
  ])('through a run, %s finds exactly those images of its dataset', async (query, expected) => {
    expect(await files(`run=${run.runId}&${query}`)).toEqual(expected.map((n) => `patient-${n}.png`));
  });

  test('through a run an image has its class, split, probabilities and prediction', async () => {
    const { items } = await get(`/api/images?run=${run.runId}&outcome=wrong`, pageOf(imageSummarySchema));

    expect(items[0]?.standing).toEqual({
      runId: run.runId,
      modelId: run.modelId,
      class: 'nodule',
      split: 'test',
      folds: [1],
      probabilities: { normal: 0.75, nodule: 0.25 },
      predicted: 'normal',
      correct: false,
    });
  });

  test('a split without a run has no meaning and is refused', async () => {
    expect((await refused(http().get('/api/images?split=test'), 400)).detail).toContain('run');
  });

  test('an image tells its whole lineage by hash', async () => {
    const detail = await get(`/api/images/${collection.images[1]?.id}`, imageDetailSchema);

    expect(detail.original.sha256).toBe(sha256(Buffer.from('original radiographs 1')));
    expect(detail.prepared).toMatchObject({ sha256: sha256(Buffer.from('prepared 1')), width: 1024, height: 768 });
    expect(detail.features).toMatchObject([{ sha256: sha256(featureRow(1)), engine: 'onnx-cpu', trained: false }]);
    expect(detail.standings).toMatchObject([{ runId: run.runId, class: 'nodule', predicted: 'nodule', correct: true }]);
    expect(detail.notice).toContain('Research use only');
  });

  test('a rejected image tells why', async () => {
    const detail = await get(`/api/images/${collection.images[5]?.id}`, imageDetailSchema);

    expect(detail).toMatchObject({ stage: 'rejected', prepared: null, rejection: { reason: 'truncated' } });
  });

  test('original, prepared input and features come back byte by byte', async () => {
    const image = `/api/images/${collection.images[2]?.id}`;

    const bytes = async (kind: string) =>
      (await http().get(`${image}/${kind}`).buffer().responseType('blob')).body as Buffer;

    expect((await bytes('original')).toString()).toBe('original radiographs 2');
    expect((await bytes('prepared')).toString()).toBe('prepared 2');
    expect((await bytes('features')).equals(featureRow(2))).toBe(true);
    const { headers } = await http().get(`${image}/original`);
    expect(headers['content-security-policy']).toContain('sandbox');
  });

  test('what cannot change may be kept for ever, and a known version is not sent again', async () => {
    const image = `/api/images/${collection.images[2]?.id}/prepared`;
    const version = sha256(Buffer.from('prepared 2'));

    const [fixed, present, known, other] = await Promise.all([
      http().get(`${image}?sha256=${version}`),
      http().get(image),
      http().get(image).set('If-None-Match', `"${version}"`),
      http().get(`${image}?sha256=${sha256(Buffer.from('other'))}`),
    ]);

    expect(fixed.headers['cache-control']).toContain('immutable');
    expect(present.headers['cache-control']).toContain('no-cache');
    expect(known.status).toBe(304);
    expect(other.status).toBe(404);
  });

  test('features of a rejected image are not there, which is said', async () => {
    expect((await refused(http().get(`/api/images/${collection.images[5]?.id}/features`), 404)).detail).toContain(
      'stage',
    );
  });
});
