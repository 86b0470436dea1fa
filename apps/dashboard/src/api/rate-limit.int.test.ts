import { recordApiToken } from '@xvision/catalogue';
import supertest from 'supertest';
import { expect, onTestFinished, test } from 'vitest';
import { tokenHash } from './authority.js';
import { startApi } from './test-api.js';

test('who asks too often is told when to come again, as a problem document; others go on', async () => {
  const api = await startApi({ authentication: 'token', requestsPerMinute: 3 });
  onTestFinished(() => api[Symbol.asyncDispose]());
  for (const name of ['busy', 'calm']) {
    await recordApiToken(api.catalogue, { name, role: 'viewer', sha256: tokenHash(`${name}-token`) });
  }
  const ask = (name: string) => supertest(api.app).get('/api/session').set('Authorization', `Bearer ${name}-token`);

  const statuses: number[] = [];
  for (let n = 0; n < 3; n += 1) statuses.push((await ask('busy')).status);
  const refused = await ask('busy');

  expect(statuses).toEqual([200, 200, 200]);
  expect(refused.status).toBe(429);
  expect(refused.headers['content-type']).toContain('application/problem+json');
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  expect((await ask('calm')).status).toBe(200);
});

test('without tokens, on loopback, nobody is limited', async () => {
  const api = await startApi({ requestsPerMinute: 1 });
  onTestFinished(() => api[Symbol.asyncDispose]());

  const answers = [await supertest(api.app).get('/api/session'), await supertest(api.app).get('/api/session')];

  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
});

test('who guesses tokens is stopped, though every guess is another token', async () => {
  const api = await startApi({ authentication: 'token' });
  onTestFinished(() => api[Symbol.asyncDispose]());
  const guess = (n: number) => supertest(api.app).get('/api/runs').set('Authorization', `Bearer guess-${n}`);

  const statuses: number[] = [];
  for (let n = 0; n < 120; n += 1) statuses.push((await guess(n)).status);
  const stopped = await guess(120);

  expect(new Set(statuses)).toEqual(new Set([401]));
  expect(stopped.status).toBe(429);
  expect(Number(stopped.headers['retry-after'])).toBeGreaterThan(0);
});

test('OpenAPI tells of the limit and of Retry-After at every route', async () => {
  const api = await startApi({});
  onTestFinished(() => api[Symbol.asyncDispose]());

  const { body } = await supertest(api.app).get('/openapi.json');

  const answers = Object.values<Record<string, { responses: Record<string, object> }>>(body.paths).flatMap((methods) =>
    Object.values(methods).map(({ responses }) => responses['429']),
  );
  expect(answers.length).toBeGreaterThan(40);
  for (const one of answers) expect(one).toMatchObject({ headers: { 'Retry-After': { required: true } } });
});
