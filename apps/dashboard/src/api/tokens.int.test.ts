import { countApiTokens, recordApiToken } from '@xvision/catalogue';
import { newApiTokenSchema } from '@xvision/contracts';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chooseAuthentication, OpenWithoutTokenError } from '../token-policy.js';
import { tokenHash } from './authority.js';
import { startApi, type TestApi } from './test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ authentication: 'token' });
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});
const http = () => supertest(api.app);

describe('listening to others', () => {
  test('is refused while there is no token, and says how to make one', async () => {
    expect(await countApiTokens(api.catalogue)).toBe(0);

    const choice = chooseAuthentication(api.catalogue, { API_HOST: '0.0.0.0', API_REQUIRE_TOKEN: false });

    await expect(choice).rejects.toThrow(OpenWithoutTokenError);
    await expect(choice).rejects.toThrow(/API_OPERATOR_TOKEN/);
  });

  test('asks for a token; loopback does not, unless told to', async () => {
    const token = 'x'.repeat(32);

    expect(await chooseAuthentication(api.catalogue, { API_HOST: '127.0.0.1', API_REQUIRE_TOKEN: false })).toBe('none');
    expect(
      await chooseAuthentication(api.catalogue, {
        API_HOST: '::',
        API_REQUIRE_TOKEN: false,
        API_OPERATOR_TOKEN: token,
      }),
    ).toBe('token');
    expect(await chooseAuthentication(api.catalogue, { API_HOST: 'localhost', API_REQUIRE_TOKEN: true })).toBe('token');
  });
});

describe('with tokens', () => {
  beforeAll(async () => {
    const past = new Date(Date.now() - 1000);
    await recordApiToken(api.catalogue, { name: 'reader', role: 'viewer', sha256: tokenHash('viewer-token') });
    await recordApiToken(api.catalogue, { name: 'doer', role: 'operator', sha256: tokenHash('operator-token') });
    await recordApiToken(api.catalogue, {
      name: 'old',
      role: 'operator',
      sha256: tokenHash('old-token'),
      expiresAt: past,
    });
  });
  const request = { source: 'openi', name: 'by-token', limit: 1 };

  test.each([undefined, 'wrong', 'old-token'])('token %s is not let in, not even to read', async (token) => {
    const response = await http()
      .get('/api/system')
      .set(token === undefined ? {} : { Authorization: `Bearer ${token}` });

    expect(response.status).toBe(401);
  });

  test('a viewer reads and may not act', async () => {
    const header = { Authorization: 'Bearer viewer-token' };

    expect((await http().get('/api/system').set(header)).status).toBe(200);
    expect((await http().post('/api/collections').set(header).send(request)).status).toBe(403);
  });

  test('an operator makes a token that works at once, is never told again, and stops at its revocation', async () => {
    const header = { Authorization: 'Bearer operator-token' };
    const ask = (token: string) => http().get('/api/system').set('Authorization', `Bearer ${token}`);

    const made = await http().post('/api/tokens').set(header).send({ name: 'guest', role: 'viewer', days: 1 });
    const { id, token } = newApiTokenSchema.parse(made.body);
    expect(made.status).toBe(201);
    expect((await ask(token)).status).toBe(200);

    const listed = await http().get('/api/tokens').set(header);
    expect(listed.body).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ id, revokedAt: null })]),
    });
    expect(listed.text).not.toContain(token);
    const { sha256 } = await api.catalogue.prisma.apiToken.findUniqueOrThrow({ where: { id } });
    expect(sha256).toBe(tokenHash(token));

    expect((await http().delete(`/api/tokens/${id}`).set(header)).body).toMatchObject({
      revokedAt: expect.any(String),
    });
    expect((await ask(token)).status).toBe(401);
  });

  test('a viewer makes no tokens', async () => {
    const header = { Authorization: 'Bearer viewer-token' };

    expect((await http().post('/api/tokens').set(header).send({ name: 'x', role: 'operator' })).status).toBe(403);
    expect((await http().get('/api/tokens').set(header)).status).toBe(403);
  });

  test('an operator acts', async () => {
    const response = await http().post('/api/collections').set('Authorization', 'Bearer operator-token').send(request);

    expect(response.status).toBe(201);
  });

  test('who may not upload is refused before the body is read', async () => {
    const response = await http()
      .put(`/api/uploads/${tokenHash('x')}`)
      .set('content-type', 'image/png')
      .send(Buffer.from('x'));

    expect(response.status).toBe(401);
    expect(await api.quarantine.has(tokenHash('x'))).toBe(false);
  });

  test('the page keeps a token in a cookie that scripts cannot read, and forgets it', async () => {
    expect((await http().post('/api/session').send({ token: 'wrong' })).status).toBe(401);
    const entered = await http().post('/api/session').send({ token: 'viewer-token' });
    const cookie = entered.headers['set-cookie']?.[0] ?? '';
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict/);

    const session = await http()
      .get('/api/session')
      .set('Cookie', cookie.split(';')[0] ?? '');
    expect(session.body).toEqual({ authentication: 'token', name: 'reader', role: 'viewer' });
    expect((await http().get('/api/session')).body).toEqual({ authentication: 'token', name: null, role: null });
    expect((await http().delete('/api/session')).headers['set-cookie']?.[0]).toContain('xvision_token=;');
  });
});
