import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedCollection, seedRun, startApi, type TestApi } from './test-api.js';

let api: TestApi;
let model: string;
beforeAll(async () => {
  api = await startApi();
  model = (await seedRun(api, await seedCollection(api))).modelId;
});
afterAll(() => api[Symbol.asyncDispose]());

const promote = (id: string, body: object) => supertest(api.app).post(`/api/models/${id}/promotions`).send(body);

describe('the stage of a model', () => {
  test('is none until somebody moves it, and then says who, when and why', async () => {
    expect((await supertest(api.app).get(`/api/models/${model}`)).body).toMatchObject({
      stage: 'none',
      promotedBy: null,
      promotedAt: null,
    });

    const first = await promote(model, { stage: 'candidate', reason: 'best of the sweep' });
    const second = await promote(model, { stage: 'production', reason: 'audit was sound' });

    expect(first.status, first.text).toBe(201);
    expect(second.body).toMatchObject({
      items: [
        { stage: 'production', reason: 'audit was sound', promotedBy: 'loopback', modelId: model },
        { stage: 'candidate', reason: 'best of the sweep' },
      ],
    });
    expect((await supertest(api.app).get(`/api/models/${model}`)).body).toMatchObject({ stage: 'production' });
    const { body } = await supertest(api.app).get('/api/models');
    expect(body).toMatchObject({
      items: [{ id: model, stage: 'production', promotedBy: 'loopback', promotedAt: second.body.items[0].createdAt }],
    });
  });

  test('is not moved without a reason, nor to where it is, nor of a model that is not there', async () => {
    await promote(model, { stage: 'retired', reason: 'a better one came' });

    expect((await promote(model, { stage: 'none', reason: '  ' })).status).toBe(400);
    expect((await promote(model, { stage: 'golden', reason: 'because' })).status).toBe(400);
    expect((await promote(model, { stage: 'retired', reason: 'once more' })).status).toBe(409);
    expect((await promote('01890000-0000-7000-8000-000000000000', { stage: 'none', reason: 'why' })).status).toBe(404);
  });
});
