import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256, startApi, type TestApi } from './test-api.js';
import { refused, requestTo, uploadTo } from './test-requests.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

const http = () => requestTo(api);
const upload = (bytes: Buffer) => uploadTo(api, bytes);

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
