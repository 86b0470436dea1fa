import { insertRun, setCollectionState } from '@xvision/catalogue';
import {
  collectionSchema,
  datasetMemberSchema,
  epochSchema,
  fingerprintSchema,
  modelSchema,
  pageOf,
  recordedEventSchema,
  runFacetsSchema,
  runLossesSchema,
  runSchema,
} from '@xvision/contracts';
import { sha256Of } from '@xvision/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { seedCollection, seedRun, settings, startApi, type TestApi } from './test-api.js';
import { getFrom, refused, requestTo, UNKNOWN } from './test-requests.js';

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
    expect(await get(`/api/runs/${run.runId}/losses`, runLossesSchema)).toEqual({
      epochs: 3,
      deliveredDone: 3,
      items: items.map(({ epoch, loss }) => ({ epoch, delivered: loss, folds: null })),
    });
  });

  test('a loss curve of very many epochs is thinned to means that a screen can show, its ends among them', async () => {
    const long = await api.catalogue.transaction((tx) => insertRun(tx, { ...settings, collections: [collection.id] }));
    await api.catalogue.prisma.$executeRaw`
      INSERT INTO epoch (run_id, fold, member, epoch, loss)
      SELECT ${long}::uuid, fold, 0, n, n + fold FROM generate_series(1, 1200) AS n, generate_series(-1, 2) AS fold
      WHERE fold < 2 OR n < 1200`;

    const { epochs, deliveredDone, items } = await get(`/api/runs/${long}/losses`, runLossesSchema);

    expect([epochs, deliveredDone, items.length]).toEqual([1200, 1200, 401]);
    expect(items[0]).toEqual({ epoch: 1, delivered: 0, folds: 2 });
    expect(items[1]).toEqual({ epoch: 4, delivered: 3, folds: 5 });
    expect(items.at(-1)).toEqual({ epoch: 1200, delivered: 1199, folds: 1200.5 });
  });

  test('a run without an epoch has no losses yet, and one that is not there is told so', async () => {
    const fresh = await api.catalogue.transaction((tx) => insertRun(tx, { ...settings, collections: [collection.id] }));

    expect(await get(`/api/runs/${fresh}/losses`, runLossesSchema)).toEqual({ epochs: 0, deliveredDone: 0, items: [] });
    await refused(http().get(`/api/runs/${UNKNOWN}/losses`), 404);
  });

  test('runs are listed newest first, page by page', async () => {
    const first = await get('/api/runs?limit=1', pageOf(runSchema));
    const rest = await get(`/api/runs?cursor=${first.next ?? ''}`, pageOf(runSchema));

    expect(rest.items.some((one) => one.id === first.items[0]?.id)).toBe(false);
    expect(rest.items.at(-1)?.id).toBe(run.runId);
  });

  test('runs are filtered by task, state, tag, words and whether they have a model', async () => {
    await http()
      .patch(`/api/runs/${run.runId}`)
      .send({ note: 'Second reading, 100% of it', tags: ['paper'] });
    const asked = async (query: string) =>
      (await get(`/api/runs?${query}`, pageOf(runSchema))).items.map((one) => one.id);

    for (const query of ['tag=paper', 'trained=true', 'state=evaluated', 'search=READING%20nodule', 'search=100%25']) {
      expect([query, await asked(query)]).toEqual([query, [run.runId]]);
    }
    expect(await asked(`search=${run.runId}`)).toEqual([run.runId]);
    expect(await asked('task=nodule')).toContain(run.runId);
    for (const query of ['task=effusion', 'tag=pap', 'tag=paper&state=failed', 'search=reading%20effusion']) {
      expect([query, await asked(query)]).toEqual([query, []]);
    }
    expect(await get('/api/runs/facets', runFacetsSchema)).toEqual({ tasks: ['nodule'], tags: ['paper'] });
    await refused(http().get('/api/runs?state=done'), 400);
  });

  test('a list longer than a page gives every run once, under a filter too', async () => {
    const created: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      const body = { task: { ...settings.task, name: 'many' }, collections: [collection.id] };
      created.unshift(runSchema.parse((await http().post('/api/runs').send(body)).body).id);
    }

    const found: string[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? '' : `&cursor=${cursor}`;
      const one: { items: { id: string }[]; next: string | null } = await get(
        `/api/runs?task=many&limit=2${query}`,
        pageOf(runSchema),
      );
      expect(one.items.length).toBeLessThanOrEqual(2);
      found.push(...one.items.map(({ id }) => id));
      cursor = one.next;
    } while (cursor !== null);

    expect(found).toEqual(created);
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

  test('models are listed by stage, page by page', async () => {
    const promotion = { stage: 'candidate', reason: 'the first that is good enough' };
    expect((await http().post(`/api/models/${run.modelId}/promotions`).send(promotion)).status).toBe(201);

    const candidates = await get('/api/models?stage=candidate&limit=1', pageOf(modelSchema));

    expect(candidates).toMatchObject({ items: [{ id: run.modelId, stage: 'candidate' }], next: null });
    expect(await get('/api/models?stage=none', pageOf(modelSchema))).toEqual({ items: [], next: null });
    expect(await get(`/api/models?cursor=${run.modelId}`, pageOf(modelSchema))).toEqual({ items: [], next: null });
    await refused(http().get('/api/models?stage=best'), 400);
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
