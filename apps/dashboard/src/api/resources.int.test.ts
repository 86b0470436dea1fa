import { setCollectionState } from '@xvision/catalogue';
import {
  collectionSchema,
  datasetMemberSchema,
  epochSchema,
  fingerprintSchema,
  imageDetailSchema,
  imageSummarySchema,
  modelSchema,
  pageOf,
  pipelineSchema,
  predictionJobSchema,
  problemSchema,
  recordedEventSchema,
  runSchema,
  systemSchema,
} from '@xvision/contracts';
import { sha256Of } from '@xvision/testing';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { featureRow, seedCollection, seedRun, settings, sha256, startApi, type TestApi } from './test-api.js';

const UNKNOWN = '01890000-0000-7000-8000-000000000000';

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

const http = () => supertest(api.app);

async function get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.infer<Schema>> {
  const response = await http().get(path);
  expect(response.status, response.text).toBe(200);
  return schema.parse(response.body);
}

async function refused(request: supertest.Test, status: number): Promise<z.infer<typeof problemSchema>> {
  const response = await request;
  expect(response.status, response.text).toBe(status);
  expect(response.headers['content-type']).toContain('application/problem+json');
  return problemSchema.parse(response.body);
}

async function upload(bytes: Buffer): Promise<string> {
  const key = sha256(bytes);
  const response = await http().put(`/api/uploads/${key}`).set('content-type', 'application/octet-stream').send(bytes);
  expect(response.status).toBe(201);
  return key;
}

describe('uploads', () => {
  test('a file stays in quarantine under its sha256; the same file again is no second one', async () => {
    const key = await upload(Buffer.from('a radiograph'));

    const again = await http()
      .put(`/api/uploads/${key}`)
      .set('content-type', 'image/png')
      .send(Buffer.from('a radiograph'));

    expect(again.status).toBe(200);
    expect(again.body).toEqual({ sha256: key, byteLength: 12 });
    expect(await api.quarantine.has(key)).toBe(true);
    expect(await api.blobs.has(key)).toBe(false);
  });

  test('bytes that do not hash to their announced sha256 are refused and not kept', async () => {
    const key = sha256(Buffer.from('announced'));

    const problem = await refused(
      http().put(`/api/uploads/${key}`).set('content-type', 'image/png').send(Buffer.from('sent')),
      422,
    );

    expect(problem.detail).toContain(key);
    expect(await api.quarantine.has(key)).toBe(false);
  });

  test('a file over the limit is refused and not kept', async () => {
    const bytes = Buffer.alloc(1_000_001, 7);

    const problem = await refused(
      http()
        .put(`/api/uploads/${sha256(bytes)}`)
        .set('content-type', 'image/png')
        .send(bytes),
      413,
    );

    expect(problem.detail).toContain('1000000');
    expect(await api.quarantine.has(sha256(bytes))).toBe(false);
  });

  test('only what is neither uploaded nor stored is missing', async () => {
    const uploaded = await upload(Buffer.from('uploaded'));
    const stored = await api.blobs.put(Buffer.from('collected before'));
    const neither = sha256(Buffer.from('neither'));

    const response = await http()
      .post('/api/uploads/missing')
      .send({ sha256: [uploaded, neither, stored, neither] });

    expect(response.body).toEqual({ missing: [neither] });
  });
});

describe('a client that goes away', () => {
  test('in the middle of an upload leaves nothing behind and is no fault of the server', async () => {
    const key = sha256(Buffer.from('whole'));
    const ending = new AbortController();
    const half = new ReadableStream<Uint8Array>({
      start: (stream) => {
        stream.enqueue(Buffer.from('who'));
        setTimeout(() => ending.abort(), 50);
      },
    });
    const init = { method: 'PUT', body: half, duplex: 'half', signal: ending.signal } as RequestInit;

    await expect(fetch(`${api.url}/api/uploads/${key}`, init)).rejects.toThrow('abort');

    expect(await api.quarantine.has(key)).toBe(false);
    expect(api.errors).toEqual([]);
  });
});

describe('collections', () => {
  const folder = async (name: string, files: readonly string[]) => ({
    source: 'folder' as const,
    name,
    records: await Promise.all(
      files.map(async (file) => ({ file, sha256: await api.quarantine.put(Buffer.from(file)) })),
    ),
  });

  test('asking for a collection catalogues it and asks for its harvest, in one transaction', async () => {
    const response = await http()
      .post('/api/collections')
      .send(await folder('first', ['a.png', 'b.png']));

    expect(response.status).toBe(201);
    const created = collectionSchema.parse(response.body);
    expect(created).toMatchObject({ name: 'first', state: 'requested', settled: false, counts: { collected: 0 } });
    const events = await get(`/api/events?about=${created.id}`, pageOf(recordedEventSchema));
    expect(events.items.map((one) => one.event.type)).toEqual(['xv.scrape.requested.v1']);
  });

  test('the same content asked for twice is one collection, harvested once', async () => {
    const request = await folder('twice', ['a.png']);
    const first = await http().post('/api/collections').send(request);

    const second = await http().post('/api/collections').send(request);

    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body).toEqual(first.body);
    const events = await get(`/api/events?about=${collectionSchema.parse(first.body).id}`, pageOf(recordedEventSchema));
    expect(events.items).toHaveLength(1);
  });

  test('other content under a name that is taken is a conflict that says what to do', async () => {
    await http()
      .post('/api/collections')
      .send(await folder('taken', ['a.png']));

    const problem = await refused(
      http()
        .post('/api/collections')
        .send(await folder('taken', ['b.png'])),
      409,
    );

    expect(problem.detail).toMatch(/Choose another name/);
  });

  test('a collection whose harvest failed is harvested again when it is asked for again', async () => {
    const request = await folder('failed', ['a.png']);
    const { id } = collectionSchema.parse((await http().post('/api/collections').send(request)).body);
    await setCollectionState(api.catalogue, id, { state: 'failed', message: 'the disk was full' });

    const again = await http().post('/api/collections').send(request);

    expect(again.status).toBe(200);
    expect(again.body).toMatchObject({ id, state: 'requested', message: null });
    expect((await get(`/api/events?about=${id}`, pageOf(recordedEventSchema))).items).toHaveLength(2);
  });

  test('a manifest whose files are not uploaded is refused, and nothing is catalogued', async () => {
    const records = [{ file: 'away.png', sha256: sha256(Buffer.from('never uploaded')) }];

    const problem = await refused(
      http().post('/api/collections').send({ source: 'folder', name: 'away', records }),
      422,
    );

    expect(problem.detail).toMatch(/1 of 1 files are not uploaded, the first is away.png/);
    const names = (await get('/api/collections', pageOf(collectionSchema))).items.map((one) => one.name);
    expect(names).not.toContain('away');
  });

  test('a file named twice is refused by name', async () => {
    const { records } = await folder('double', ['a.png', 'a.png']);

    const problem = await refused(
      http().post('/api/collections').send({ source: 'folder', name: 'double', records }),
      400,
    );

    expect(problem.faults).toEqual([{ path: 'body.records.1.file', message: 'a.png is named twice' }]);
  });

  test('a settled collection says how many images are at each stage', async () => {
    const found = await get(`/api/collections/${collection.id}`, collectionSchema);

    expect(found).toMatchObject({ settled: true, synthetic: true, expected: 6 });
    expect(found.counts).toEqual({ collected: 6, prepared: 5, rejected: 1, extracted: 5 });
  });

  test('its images are paged in the order of their ids, each once', async () => {
    const page = pageOf(imageSummarySchema);
    const first = await get(`/api/collections/${collection.id}/images?limit=4`, page);
    const second = await get(`/api/collections/${collection.id}/images?limit=4&cursor=${first.next ?? ''}`, page);

    expect([...first.items, ...second.items].map((one) => one.file)).toEqual(collection.images.map((one) => one.file));
    expect(second.next).toBeNull();
  });
});

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

describe('runs, models and datasets', () => {
  test('a run waits with its settings, defaults filled in', async () => {
    const response = await http()
      .post('/api/runs')
      .send({ task: settings.task, collections: [collection.id] });

    expect(response.status).toBe(201);
    expect(runSchema.parse(response.body)).toMatchObject({
      state: 'waiting',
      task: 'nodule',
      settings: { epochs: 20 },
    });
  });

  test('a run on collections that are unknown or failed is refused with every reason', async () => {
    const request = { source: 'openi', name: 'broken', limit: 5 };
    const { id } = collectionSchema.parse((await http().post('/api/collections').send(request)).body);
    await setCollectionState(api.catalogue, id, { state: 'failed', message: 'no network' });

    const body = { task: settings.task, collections: [UNKNOWN, id] };
    const problem = await refused(http().post('/api/runs').send(body), 422);

    expect(problem.detail).toContain(`there is no collection ${UNKNOWN}`);
    expect(problem.detail).toContain('the harvest of collection broken failed (no network)');
  });

  test('bad settings are refused with every fault and its place', async () => {
    const body = { task: { ...settings.task, classes: [] }, collections: [], epochs: 0 };

    const problem = await refused(http().post('/api/runs').send(body), 400);

    expect(problem.faults?.map((fault) => fault.path).sort()).toEqual([
      'body.collections',
      'body.epochs',
      'body.task.classes',
    ]);
  });

  test('an evaluated run carries its report, and its loss curve is in order', async () => {
    const found = await get(`/api/runs/${run.runId}`, runSchema);
    const { items } = await get(`/api/runs/${run.runId}/epochs`, z.object({ items: z.array(epochSchema) }));

    expect(found.report?.metrics.confusion).toEqual([
      [2, 0],
      [1, 1],
    ]);
    expect(found.report?.notice).toContain('Research use only');
    expect(items.map((one) => one.loss)).toEqual([1, 1 / 2, 1 / 3]);
  });

  test('runs are listed newest first, page by page', async () => {
    const first = await get('/api/runs?limit=1', pageOf(runSchema));
    const rest = await get(`/api/runs?cursor=${first.next ?? ''}`, pageOf(runSchema));

    expect(rest.items.some((one) => one.id === first.items[0]?.id)).toBe(false);
    expect(rest.items.at(-1)?.id).toBe(run.runId);
  });

  test('a trained run is evaluated again on request; one without a model cannot be', async () => {
    const again = await http().post(`/api/runs/${run.runId}/evaluation`);
    expect(again.status).toBe(202);
    expect(again.body).toMatchObject({ state: 'trained' });
    const events = await get(
      `/api/events?about=${run.runId}&subject=xv.evaluation.requested.v1`,
      pageOf(recordedEventSchema),
    );
    expect(events.items[0]?.event.data).toEqual({ kind: 'run', runId: run.runId });

    const waiting = runSchema.parse(
      (
        await http()
          .post('/api/runs')
          .send({ task: settings.task, collections: [collection.id] })
      ).body,
    );
    await refused(http().post(`/api/runs/${waiting.id}/evaluation`), 409);
  });

  test('a model names its dataset, run and what its numbers rest on', async () => {
    const { items } = await get('/api/models', pageOf(modelSchema));

    expect(items).toMatchObject([{ id: run.modelId, runId: run.runId, synthetic: true, untrainedBackbone: true }]);
    expect(await get(`/api/models/${run.modelId}`, modelSchema)).toEqual(items[0]);
  });

  test('a dataset lists its members in its own order, with class and folds', async () => {
    const path = `/api/datasets/${run.dataset}/members`;
    const first = await get(`${path}?limit=3`, pageOf(datasetMemberSchema));
    const second = await get(`${path}?limit=3&cursor=${first.next ?? ''}`, pageOf(datasetMemberSchema));

    const members = [...first.items, ...second.items];
    expect(members.map((one) => one.position)).toEqual([0, 1, 2, 3, 4]);
    expect(members.map((one) => one.class)).toEqual(['normal', 'nodule', 'normal', 'nodule', 'normal']);
    expect(members[4]?.folds).toEqual([-1]);
    await refused(http().get(`/api/datasets/${sha256Of('none')}/members`), 404);
  });
});

describe('fingerprints', () => {
  test("a run's images come in its order with their folds, page by page; untrained features are none", async () => {
    const path = `/api/runs/${run.runId}/fingerprints`;
    const first = await get(`${path}?limit=3`, pageOf(fingerprintSchema));
    const second = await get(`${path}?limit=3&cursor=${first.next}`, pageOf(fingerprintSchema));

    const items = [...first.items, ...second.items];
    expect(items.map(({ file }) => file)).toEqual([0, 1, 2, 3, 4].map((n) => `patient-${n}.png`));
    expect(items.map(({ folds }) => folds)).toEqual([[0], [1], [0], [1], [-1]]);
    expect(items[0]).toMatchObject({ patient: 'patient-0', featureSha256: null, perceptualHash: null });
    expect(second.next).toBeNull();
  });

  test('every image that could be trained on is listed without folds; a rejected one is not', async () => {
    const { items } = await get('/api/fingerprints', pageOf(fingerprintSchema));

    const own = items.filter(({ collection }) => collection === 'openi/radiographs');
    expect(own.map(({ file }) => file).sort()).toEqual([0, 1, 2, 3, 4].map((n) => `patient-${n}.png`));
    expect(own.every(({ folds }) => folds === null)).toBe(true);
  });
});

describe('predictions', () => {
  test('a model asked twice about the same files is asked once', async () => {
    const body = { modelId: run.modelId, collectionId: collection.id };
    const first = await http().post('/api/predictions').send(body);
    const second = await http().post('/api/predictions').send(body);

    expect([first.status, second.status]).toEqual([201, 200]);
    expect(first.body).toEqual(second.body);
    expect(predictionJobSchema.parse(first.body)).toMatchObject({ state: 'waiting', predictions: [] });
  });

  test('a file has a probability per class, or a reason', async () => {
    const asked = await http().post('/api/predictions').send({ modelId: run.modelId, collectionId: collection.id });
    const { id: jobId } = predictionJobSchema.parse(asked.body);
    await api.catalogue.prisma.prediction.create({
      data: { jobId, imageId: collection.images[0]?.id ?? '', probabilities: [0.9, 0.1] },
    });
    await api.catalogue.prisma.$executeRaw`
      INSERT INTO prediction (job_id, image_id, abstained, reason)
      VALUES (${jobId}::uuid, ${collection.images[5]?.id}::uuid, 'truncated', 'unfit')`;

    const job = await get(`/api/predictions/${jobId}`, predictionJobSchema);

    expect(job.predictions).toEqual([
      {
        file: 'patient-0.png',
        probabilities: { normal: 0.9, nodule: 0.1 },
        uncalibrated: { normal: 0.9, nodule: 0.1 },
        decision: null,
        novelty: null,
        caution: null,
      },
      { file: 'patient-5.png', abstained: 'truncated', reason: 'unfit' },
    ]);
  });

  test('an unknown model is refused by name', async () => {
    const body = { modelId: UNKNOWN, collectionId: collection.id };

    expect((await refused(http().post('/api/predictions').send(body), 422)).detail).toContain(`no model ${UNKNOWN}`);
  });
});

describe('the flow and the system', () => {
  test('the pipeline counts what every stage did and what waits', async () => {
    const pipeline = await get('/api/pipeline', pipelineSchema);

    const stages = Object.fromEntries(pipeline.stages.map((one) => [one.stage, one]));
    expect(stages['prepare']).toMatchObject({ done: 5, waiting: 0, failed: 1, oldestWaitingAt: null });
    expect(stages['extract']).toMatchObject({ done: 5, waiting: 0 });
    expect(stages['train']?.done).toBe(1);
    expect(pipeline.outbox.unpublished).toBeGreaterThan(0);
    expect(pipeline).toMatchObject({ consumers: null, synthetic: true, models: 1 });
  });

  test('the system names versions, engines and who is connected', async () => {
    const system = await get('/api/system', systemSchema);

    expect(system).toMatchObject({ version: '0.1.0', nats: null, authentication: 'none' });
    expect(system.engines).toMatchObject([{ engine: 'onnx-cpu', trained: false, features: 5 }]);
    expect(system.services.map((one) => one.name)).toContain('xvision/dashboard');
  });
});

describe('refusals', () => {
  test.each([
    ['get', `/api/images/${UNKNOWN}`],
    ['get', `/api/runs/${UNKNOWN}`],
    ['get', `/api/collections/${UNKNOWN}`],
    ['get', `/api/models/${UNKNOWN}`],
    ['get', `/api/predictions/${UNKNOWN}`],
    ['get', `/api/images/${UNKNOWN}/original`],
    ['get', '/api/nothing'],
    ['post', '/api/system'],
    ['get', '/assets/nothing.js'],
  ] as const)('%s %s is not found, as a problem document', async (method, path) => {
    await refused(http()[method](path), 404);
  });

  test('malformed JSON, another content type and an unknown parameter are told apart', async () => {
    const malformed = await refused(
      http().post('/api/runs').set('content-type', 'application/json').send('{"task":'),
      400,
    );
    const text = await refused(http().post('/api/runs').set('content-type', 'text/plain').send('task'), 400);
    const typo = await refused(http().get('/api/images?lable=nodule'), 400);

    expect(malformed.title).toBe('Malformed JSON');
    expect(text.detail).toContain('application/json');
    expect(typo.detail).toContain('lable');
  });

  test('an address that is not well formed is refused', async () => {
    expect((await fetch(`${api.url}/api/runs/%zz`)).status).toBe(400);
  });

  test('a body over its limit is refused', async () => {
    await refused(
      http()
        .post('/api/runs')
        .send({ task: 'x'.repeat(1_100_000) }),
      413,
    );
  });

  test('a name that only pretends to be this machine is refused', async () => {
    await refused(http().get('/api/system').set('Host', 'attacker.example'), 403);
  });

  test('a page of another site cannot act here', async () => {
    await refused(http().post('/api/runs').set('Sec-Fetch-Site', 'cross-site').send({}), 403);
  });

  test('every answer carries the security headers', async () => {
    const { headers } = await http().get('/api/system');

    expect(headers['content-security-policy']).toBe(
      "default-src 'none';script-src 'self';style-src 'self';img-src 'self' data:;connect-src 'self';base-uri 'none';form-action 'self';frame-ancestors 'none'",
    );
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'SAMEORIGIN' });
    expect(headers).not.toHaveProperty('x-powered-by');
  });

  test('nothing in this file made the server fail', () => {
    expect(api.errors).toEqual([]);
  });
});
