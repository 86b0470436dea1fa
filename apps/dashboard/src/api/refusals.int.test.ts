import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApi, type TestApi } from './test-api.js';
import { refused, requestTo, UNKNOWN } from './test-requests.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

const http = () => requestTo(api);

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
