import { createHash } from 'node:crypto';
import { insertRun } from '@xvision/catalogue';
import { problemSchema, runCurvesSchema, runMistakesSchema, runSubgroupsSchema } from '@xvision/contracts';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedCollection, seedRun, settings, startApi, type TestApi } from './test-api.js';

let api: TestApi;
let collection: Awaited<ReturnType<typeof seedCollection>>;
let run: Awaited<ReturnType<typeof seedRun>>;
beforeAll(async () => {
  api = await startApi();
  collection = await seedCollection(api);
  run = await seedRun(api, collection);
});
afterAll(() => api[Symbol.asyncDispose]());

async function answered(path: string, status = 200): Promise<supertest.Response> {
  const response = await supertest(api.app).get(path);
  expect(response.status, response.text).toBe(status);
  return response;
}

describe('the evidence of a run', () => {
  test('its curves go through the points that its four test scores give', async () => {
    const { body } = await answered(`/api/runs/${run.runId}/curves`);

    const curves = runCurvesSchema.parse(body);
    // Two nodules scored .75 and .25, two normals scored .25 twice.
    expect(curves).toMatchObject({ positive: 'nodule', images: 4, positives: 2 });
    expect(curves.operating).toEqual([
      { threshold: 0.75, sensitivity: 0.5, specificity: 1, precision: 1 },
      { threshold: 0.25, sensitivity: 1, specificity: 0, precision: 0.5 },
    ]);
    expect(curves.thresholds[0]).toMatchObject({ threshold: 0.75, ppv: { value: 1 }, npv: { value: 2 / 3 } });
    expect(curves.reliability.map((bin) => bin.n)).toEqual([0, 0, 3, 0, 0, 0, 0, 1, 0, 0]);
  });

  test('its parts and folds stand with the images that each rests on', async () => {
    const { body } = await answered(`/api/runs/${run.runId}/subgroups`);

    const { subgroups, folds } = runSubgroupsSchema.parse(body);
    expect(subgroups).toMatchObject([
      { by: 'all', images: 4, patients: 4, auc: { value: 0.75 }, accuracy: { value: 0.75 } },
      { by: 'view', group: 'frontal', images: 4 },
      { by: 'source', group: 'openi/radiographs', images: 4 },
    ]);
    expect(folds).toMatchObject([
      { repeat: 0, fold: 0, images: 2, accuracy: { value: 1 }, auc: { value: null } },
      { repeat: 0, fold: 1, images: 2, accuracy: { value: 0.5 } },
    ]);
  });

  test('its mistakes are named, the worst first', async () => {
    const { body } = await answered(`/api/runs/${run.runId}/mistakes`);

    expect(runMistakesSchema.parse(body)).toMatchObject({
      tested: 4,
      wrong: 1,
      items: [
        {
          imageId: collection.images[3]?.id,
          file: 'patient-3.png',
          truth: 'nodule',
          predicted: 'normal',
          probabilityOfTruth: 0.25,
        },
      ],
    });
  });

  test('its report is one page in which nothing can run, with its own style and no other', async () => {
    const response = await answered(`/api/runs/${run.runId}/report.html`);

    expect(response.headers['content-type']).toContain('text/html');
    expect(response.text).toContain('Research use only; not a medical device');
    expect(response.text).toContain(run.dataset);
    expect(response.text).toContain('source: openi/radiographs');
    expect(response.text).toContain('<svg');
    expect(response.text).not.toMatch(/<script|<link|src=/);
    const style = /<style>([^<]*)<\/style>/.exec(response.text)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(response.headers['content-security-policy']).toContain(`style-src 'sha256-${hash}'`);
    expect(response.headers['content-security-policy']).toContain("default-src 'none'");
  });

  test('a run that is not there, or has tested nothing yet, is named', async () => {
    const waiting = await api.catalogue.transaction((tx) =>
      insertRun(tx, { ...settings, collections: [collection.id] }),
    );
    const nobody = '01890000-0000-7000-8000-000000000000';

    for (const what of ['curves', 'subgroups', 'mistakes', 'report.html']) {
      const refused = await answered(`/api/runs/${waiting}/${what}`, 409);
      expect(problemSchema.parse(refused.body).detail).toContain(`run ${waiting} is waiting`);
      expect((await answered(`/api/runs/${nobody}/${what}`, 404)).body).toMatchObject({ status: 404 });
    }
  });
});

describe('a note and tags', () => {
  test('stand beside the run from then on, in place of the ones before', async () => {
    const patch = (body: object) => supertest(api.app).patch(`/api/runs/${run.runId}`).send(body);
    await patch({ note: 'first', tags: ['old'] });

    const response = await patch({ note: 'before <b>the</b> fix', tags: ['baseline', 'paper'] });

    expect(response.status, response.text).toBe(200);
    const kept = await answered(`/api/runs/${run.runId}`);
    expect(kept.body).toMatchObject({ note: 'before <b>the</b> fix', tags: ['baseline', 'paper'] });
  });

  test('tags that are no words, or the same twice, are refused, and a run that is not there is named', async () => {
    const patch = (id: string, tags: string[]) => supertest(api.app).patch(`/api/runs/${id}`).send({ note: '', tags });

    expect((await patch(run.runId, ['two words'])).status).toBe(400);
    expect((await patch(run.runId, ['a', 'a'])).status).toBe(400);
    expect((await patch('01890000-0000-7000-8000-000000000000', ['a'])).status).toBe(404);
  });
});
