import { recordApiToken, revokeApiToken } from '@xvision/catalogue';
import { problemSchema } from '@xvision/contracts';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { tokenHash } from './authority.js';
import { startApi, type TestApi } from './test-api.js';
import { UNKNOWN } from './test-requests.js';

interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** With something in the place of every parameter. */
  readonly address: string;
  readonly name: string;
  readonly role: string;
}

/** What changes nothing that stays, though its method may: whoever reads may ask for it. */
const HARMLESS = ['POST /api/session', 'DELETE /api/session', 'POST /api/tasks/preview', 'POST /api/uploads/missing'];

/** Longer than a stream goes without being looked at. */
const A_WHILE_MS = 20_000;

const inAParameter: Readonly<Record<string, string>> = { sha256: 'a'.repeat(64), format: 'card', file: 'a.md' };

async function startWithTokens(): Promise<TestApi> {
  const api = await startApi({ authentication: 'token' });
  const past = new Date(Date.now() - 1000);
  const keep = (name: string, role: 'viewer' | 'operator', expiresAt?: Date) =>
    recordApiToken(api.catalogue, {
      name,
      role,
      sha256: tokenHash(`${name}-token`),
      ...(expiresAt === undefined ? {} : { expiresAt }),
    });
  await keep('viewer', 'viewer');
  await keep('operator', 'operator');
  await keep('expired', 'operator', past);
  await revokeApiToken(api.catalogue, await keep('revoked', 'operator'));
  return api;
}

async function operationsOf(api: TestApi): Promise<Operation[]> {
  const { body } = await supertest(api.app).get('/openapi.json');
  const paths = body.paths as Record<string, Record<string, { security?: { token?: string[] }[] }>>;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security = [] }]) => ({
      method: method as Operation['method'],
      address: path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => inAParameter[name] ?? UNKNOWN),
      name: `${method.toUpperCase()} ${path}`,
      role: security.flatMap(({ token = [] }) => token)[0] ?? 'anyone',
    })),
  );
}

/** What is refused, and is a problem document that says so. */
async function statusOf(api: TestApi, { method, address }: Operation, headers: Record<string, string>) {
  const response = await supertest(api.app)[method](address).set(headers);
  if (response.status < 400) return String(response.status);
  const problem = problemSchema.safeParse(response.body);
  const wellFormed = problem.success && problem.data.status === response.status && problem.data.detail !== '';
  return `${response.status}${wellFormed ? '' : ' without a problem document'}`;
}

describe('who may do what, route by route as OpenAPI names them', () => {
  let api: TestApi;
  let operations: Operation[];
  beforeAll(async () => {
    api = await startWithTokens();
    operations = await operationsOf(api);
  });
  afterAll(() => api[Symbol.asyncDispose]());

  test('whatever changes something is for an operator', () => {
    const changing = operations.filter(({ method, name }) => method !== 'get' && !HARMLESS.includes(name));

    expect(changing.length).toBeGreaterThan(10);
    expect(changing.filter(({ role }) => role !== 'operator')).toEqual([]);
    expect(HARMLESS.filter((name) => operations.every((one) => one.name !== name))).toEqual([]);
  });

  test('a viewer is refused every act of an operator, and nothing has changed', async () => {
    const acts = operations.filter(({ role }) => role === 'operator');
    const viewer = { Authorization: 'Bearer viewer-token' };

    const answers = await Promise.all(acts.map(async (act) => [act.name, await statusOf(api, act, viewer)]));

    expect(answers).toEqual(acts.map(({ name }) => [name, '403']));
    expect(await api.catalogue.prisma.event.count()).toBe(0);
  });

  test('the same in a cookie, as the page sends it', async () => {
    const act = operations.find(({ name }) => name === 'POST /api/runs');
    if (act === undefined) throw new Error('there is no POST /api/runs');

    expect(await statusOf(api, act, { Cookie: 'xvision_token=viewer-token' })).toBe('403');
  });

  test('without a token nothing is shown or done but the session itself', async () => {
    const answers = await Promise.all(operations.map(async (one) => [one.name, await statusOf(api, one, {})] as const));

    const letIn = answers.filter(([, status]) => status !== '401').map(([name]) => name);
    expect(letIn.toSorted()).toEqual(['DELETE /api/session', 'GET /api/session', 'POST /api/session']);
  });
});

describe('a token that is no good', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startWithTokens();
  });
  afterAll(() => api[Symbol.asyncDispose]());

  const ask = (headers: Record<string, string>) => supertest(api.app).get('/api/models').set(headers);

  test.each([
    ['wrong', { Authorization: 'Bearer wrong' }],
    ['expired', { Authorization: 'Bearer expired-token' }],
    ['revoked', { Authorization: 'Bearer revoked-token' }],
    ['expired, in the cookie', { Cookie: 'xvision_token=expired-token' }],
    ['empty', { Authorization: 'Bearer ' }],
    ['of another scheme', { Authorization: 'Basic b3BlcmF0b3ItdG9rZW4=' }],
    ['two words', { Authorization: 'Bearer operator-token operator-token' }],
    ['without its scheme', { Authorization: 'operator-token' }],
    ['the hash that is kept', { Authorization: `Bearer ${tokenHash('operator-token')}` }],
    ['longer than any', { Authorization: `Bearer ${'a'.repeat(8000)}` }],
    ['SQL', { Authorization: "Bearer 'OR'1'='1" }],
    ['bytes of no text', { Authorization: 'Bearer \u00ff\u00fe' }],
  ])('%s: 401 as a problem document, which names the scheme to use', async (_what, headers) => {
    const response = await ask(headers);

    expect(response.status).toBe(401);
    expect(response.headers['content-type']).toContain('application/problem+json');
    expect(problemSchema.parse(response.body)).toMatchObject({
      status: 401,
      detail: expect.stringContaining('Bearer'),
    });
    expect(response.headers['www-authenticate']).toBe('Bearer');
  });

  test('the good one beside them is taken', async () => {
    expect((await ask({ Authorization: 'Bearer operator-token' })).status).toBe(200);
    expect((await ask({ Authorization: 'bearer   operator-token' })).status).toBe(200);
    expect(api.errors).toEqual([]);
  });
});

test('a live stream ends when its token is revoked, and not before', async () => {
  const api = await startApi({ authentication: 'token' });
  onTestFinished(() => api[Symbol.asyncDispose]());
  const id = await recordApiToken(api.catalogue, { name: 'reader', role: 'viewer', sha256: tokenHash('t') });
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const { status, body } = await fetch(`${api.url}/api/events/stream`, { headers: { Authorization: 'Bearer t' } });
  expect(status).toBe(200);
  const reader = body?.getReader();
  const told = async () => Buffer.from((await reader?.read())?.value ?? []).toString();
  expect(await told()).toContain('retry');

  await vi.advanceTimersByTimeAsync(A_WHILE_MS);
  expect(await told()).toBe(':\n\n');
  await revokeApiToken(api.catalogue, id);
  await vi.advanceTimersByTimeAsync(A_WHILE_MS);

  let last: string;
  do last = await told();
  while (last !== '');
});
