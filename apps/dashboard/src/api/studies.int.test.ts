import { randomUUID } from 'node:crypto';
import { failStudy } from '@xvision/catalogue';
import { pageOf, studySchema } from '@xvision/contracts';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApi, type TestApi } from './test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const ask = (body: object) => supertest(api.app).post('/api/studies').send(body);

describe('studies', () => {
  test('are asked for once: again is the same, with 200', async () => {
    const about = randomUUID();

    const first = await ask({ kind: 'audit', about });
    const again = await ask({ kind: 'audit', about });

    expect([first.status, again.status], first.text).toEqual([201, 200]);
    expect(studySchema.parse(again.body)).toEqual(studySchema.parse(first.body));
    expect(first.body).toMatchObject({ kind: 'audit', about, state: 'requested', result: null });
  });

  test('are listed by what they are about and read one by one', async () => {
    const about = randomUUID();
    const { body: first } = await ask({ kind: 'audit', about });
    await failStudy(api.catalogue, studySchema.parse(first).id, 'the run has no model');
    const { body: second } = await ask({ kind: 'audit', about });

    const list = await supertest(api.app).get(`/api/studies?about=${about}&kind=audit&limit=1`);
    const one = await supertest(api.app).get(`/api/studies/${studySchema.parse(first).id}`);

    const page = pageOf(studySchema).parse(list.body);
    expect(page.items.map(({ id }) => id)).toEqual([studySchema.parse(second).id]);
    expect(page.next).not.toBeNull();
    expect(one.body).toMatchObject({ state: 'failed', message: 'the run has no model' });
  });

  test('of an unknown kind, or without what they are about, are refused', async () => {
    expect((await ask({ kind: 'horoscope', about: randomUUID() })).status).toBe(400);
    expect((await ask({ kind: 'audit' })).status).toBe(400);
    expect((await ask({ kind: 'audit', about: randomUUID(), more: 1 })).status).toBe(400);
    expect((await supertest(api.app).get(`/api/studies/${randomUUID()}`)).status).toBe(404);
  });
});
