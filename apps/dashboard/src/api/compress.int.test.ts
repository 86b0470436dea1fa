import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { featureRow, seedCollection, startApi, type TestApi } from './test-api.js';
import { requestTo } from './test-requests.js';

let api: TestApi;
let collection: Awaited<ReturnType<typeof seedCollection>>;
beforeAll(async () => {
  api = await startApi();
  collection = await seedCollection(api);
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

const get = (address: string) => requestTo(api).get(address).set('Accept-Encoding', 'gzip').buffer(true);

describe('answers of the whole server', () => {
  test('a long document goes out packed, and reads as without it', async () => {
    const packed = await get('/openapi.json');
    const plain = await requestTo(api).get('/openapi.json').set('Accept-Encoding', 'identity');

    expect([packed.headers['content-encoding'], plain.headers['content-encoding']]).toEqual(['gzip', undefined]);
    expect(packed.body).toEqual(plain.body);
  });

  test('a row of features, whose ETag is the hash of its bytes, goes out as these bytes', async () => {
    const { headers, body } = await get(`/api/images/${collection.images[1]?.id}/features`).responseType('blob');

    expect(headers).toMatchObject({ etag: expect.stringMatching(/^"/), 'content-length': String(body.length) });
    expect(headers['content-encoding']).toBeUndefined();
    expect(body.equals(featureRow(1))).toBe(true);
  });
});
