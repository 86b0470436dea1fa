import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import express from 'express';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compressAnswers } from './compress.js';

const LONG = Array.from({ length: 5_000 }, (_, n) => ({ file: `image-${n}.png` }));

describe('what is sent packed', () => {
  let folder: string;
  const app = express();
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'xvision-compress-'));
    await writeFile(path.join(folder, 'page.js'), `// ${'x'.repeat(100_000)}\n`);
    app.use(compressAnswers());
    app.get('/long', (_request, response) => void response.json(LONG));
    app.get('/short', (_request, response) => void response.json(LONG.slice(0, 50)));
    app.get('/bytes', (_request, response) => {
      response.set('ETag', `"${createHash('sha256').update('x').digest('hex')}"`).type('text/plain');
      response.send('x'.repeat(100_000));
    });
    app.get('/picture', (_request, response) => void response.type('image/png').send(Buffer.alloc(100_000)));
    app.get('/events', (_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.end(`data: ${'x'.repeat(100_000)}\n\n`);
    });
    app.use(express.static(folder));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const get = (address: string) => request(app).get(address).set('Accept-Encoding', 'gzip');

  test.each(['/long', '/page.js'])('long text is: %s', async (address) => {
    const { headers } = await get(address);

    expect(headers).toMatchObject({ 'content-encoding': 'gzip', vary: expect.stringContaining('Accept-Encoding') });
  });

  test.each(['/short', '/bytes', '/picture', '/events'])('not so: %s', async (address) => {
    expect((await get(address)).headers['content-encoding']).toBeUndefined();
  });

  test('it says the same to whoever takes it packed and to whoever does not, under one weak ETag', async () => {
    const packed = await get('/long');
    const plain = await request(app).get('/long').set('Accept-Encoding', 'identity');

    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(packed.body).toEqual(plain.body);
    expect(packed.headers['etag']).toMatch(/^W\//);
    expect(packed.headers['etag']).toBe(plain.headers['etag']);
    expect((await get('/long').set('If-None-Match', packed.headers['etag'] ?? '')).status).toBe(304);
  });

  test('a part of a file is that part of the file itself', async () => {
    const { status, headers, text } = await get('/page.js').set('Range', 'bytes=0-50000').buffer(true);

    expect([status, headers['content-encoding']]).toEqual([206, undefined]);
    expect(text).toBe(`// ${'x'.repeat(49_998)}`);
  });
});
