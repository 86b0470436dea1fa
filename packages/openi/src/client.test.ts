import type { ServerResponse } from 'node:http';
import { TransientError } from '@xvision/contracts';
import { describe, expect, test } from 'vitest';
import {
  checkAddress,
  ForbiddenAddressError,
  isPublicAddress,
  mustBePublic,
  OPENI_ORIGIN,
  publicLookup,
} from './allowed-hosts.js';
import { type Entry, type OpenIClient, openOpenI, type RecordsOptions } from './client.js';
import { RefusedError } from './polite-fetch.js';
import { probeOpenI } from './probe.js';
import { startScriptedServer } from './scripted-server.fixture.js';

const quick = { firstBackoffMs: 1, attempts: 3, timeoutMs: 2000 };
const PNG_MAGIC = Buffer.from('\x89PNG\r\n\x1a\nrest', 'latin1');

const status =
  (code: number, headers: Record<string, string> = {}) =>
  (_: unknown, response: ServerResponse): void => {
    response.writeHead(code, headers).end('no');
  };
const json = (body: unknown) => (_: unknown, response: ServerResponse) => void response.end(JSON.stringify(body));
const bytes = (body: Uint8Array) => (_: unknown, response: ServerResponse) => void response.end(body);
const aRecord = (name: string, more: object = {}): object => ({
  uid: name.split('_')[0],
  imgLarge: `/imgs/512/1/1/${name}.png`,
  ...more,
});

async function harvest(client: OpenIClient, options?: RecordsOptions): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of client.records(options)) entries.push(entry);
  return entries;
}

describe('a harvest', () => {
  const page = (first: number, count: number, total: number): object => ({
    total,
    list: Array.from({ length: count }, (_, index) => aRecord(`CXR${first + index}_IM-0001-1001`)),
  });

  test('walks page after page to the end although the announced total is one too many', async () => {
    await using server = await startScriptedServer(json(page(1, 100, 151)), json(page(101, 50, 151)));
    await using client = openOpenI({ baseUrl: server.url, ...quick });

    const entries = await harvest(client);

    expect(entries.map((entry) => entry.position)).toEqual(Array.from({ length: 150 }, (_, index) => index + 1));
    expect(server.asked[1]).toContain('m=101&n=200');
  });

  test('goes on from the position where it was interrupted, and stops at its limit', async () => {
    await using server = await startScriptedServer(json(page(41, 5, 7470)));
    await using client = openOpenI({ baseUrl: server.url, ...quick });

    const entries = await harvest(client, { from: 41, limit: 5, query: 'nodule & more' });

    expect(entries.map((entry) => entry.position)).toEqual([41, 42, 43, 44, 45]);
    expect(server.asked).toEqual(['/api/search?coll=cxr&m=41&n=45&query=nodule+%26+more']);
  });

  test('one unusable record is a problem with its position, not the end of the page', async () => {
    await using server = await startScriptedServer(
      json({ total: 2, list: [{ uid: 'CXR1' }, aRecord('CXR2_IM-0001-1001', { surprise: 1 })] }),
    );
    await using client = openOpenI({ baseUrl: server.url, ...quick });

    const [first, second] = await harvest(client);

    expect(first).toMatchObject({ position: 1, problem: expect.stringContaining('imgLarge') });
    expect(second).toMatchObject({ position: 2, record: { externalId: 'CXR2_IM-0001-1001', patient: 'CXR2' } });
  });
});

describe('faults that pass', () => {
  test('too many requests, a server error and a page that is no JSON are tried again', async () => {
    await using server = await startScriptedServer(
      status(429, { 'retry-after': '0' }),
      status(503),
      (_, response) => void response.end('<html>maintenance</html>'),
      json({ total: 1, list: [aRecord('CXR1_IM-0001-1001')] }),
    );
    await using client = openOpenI({ baseUrl: server.url, ...quick, attempts: 4 });

    expect(await harvest(client)).toHaveLength(1);
    expect(server.asked).toHaveLength(4);
  });

  test('a server that keeps failing is a transient fault that names the address and the reason', async () => {
    await using server = await startScriptedServer(status(502));
    await using client = openOpenI({ baseUrl: server.url, ...quick });

    const failure = await client.fetchImage(`${server.url}/imgs/512/1/1/a.png`).catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(TransientError);
    expect(String(failure)).toMatch(/imgs\/512\/1\/1\/a\.png could not be fetched in 3 tries: .* answers 502/);
    expect(server.asked).toHaveLength(3);
  });

  test('a server that never answers is given up after the time allowed', async () => {
    await using server = await startScriptedServer(() => undefined);
    await using client = openOpenI({ baseUrl: server.url, ...quick, attempts: 1, timeoutMs: 50 });

    await expect(client.fetchImage(`${server.url}/a.png`)).rejects.toThrow(TransientError);
  });

  test('an abort ends the harvest at once with the reason of the abort', async () => {
    await using server = await startScriptedServer(() => undefined);
    await using client = openOpenI({ baseUrl: server.url });
    const controller = new AbortController();

    const fetching = client.fetchImage(`${server.url}/a.png`, controller.signal);
    controller.abort(new Error('shutting down'));

    await expect(fetching).rejects.toThrow('shutting down');
  });
});

describe('faults that do not pass', () => {
  test('an image that is gone is refused after one try', async () => {
    await using server = await startScriptedServer(status(404));
    await using client = openOpenI({ baseUrl: server.url, ...quick });

    await expect(client.fetchImage(`${server.url}/gone.png`)).rejects.toThrow(RefusedError);
    expect(server.asked).toHaveLength(1);
  });

  test('an image over the limit is refused, however long it would go on', async () => {
    await using server = await startScriptedServer(bytes(Buffer.concat([PNG_MAGIC, Buffer.alloc(100_000)])));
    await using client = openOpenI({ baseUrl: server.url, ...quick, maxImageBytes: 50_000 });

    await expect(client.fetchImage(`${server.url}/huge.png`)).rejects.toThrow(/longer than the 50000 bytes allowed/);
  });

  test('an error page under an image address is never taken for an image', async () => {
    await using server = await startScriptedServer(bytes(Buffer.from('<html>busy</html>')));
    await using client = openOpenI({ baseUrl: server.url, ...quick });

    await expect(client.fetchImage(`${server.url}/a.png`)).rejects.toThrow(/HTML page/);
  });
});

describe('only allowed hosts are visited', () => {
  test('another host is refused before anything is asked of it', async () => {
    await using client = openOpenI(quick);

    await expect(client.fetchImage('http://169.254.169.254/latest/meta-data')).rejects.toThrow(ForbiddenAddressError);
    expect(() => checkAddress('https://user:secret@openi.nlm.nih.gov/a.png', OPENI_ORIGIN)).toThrow(/user name/);
  });

  test('a redirect to a host that is not allowed is not followed', async () => {
    await using inside = await startScriptedServer(bytes(PNG_MAGIC));
    await using server = await startScriptedServer(status(302, { location: `${inside.url}/secret.png` }));
    await using client = openOpenI({ baseUrl: server.url, ...quick });

    await expect(client.fetchImage(`${server.url}/a.png`)).rejects.toThrow(ForbiddenAddressError);
    expect(inside.asked).toEqual([]);
  });

  test('a redirect inside the host is followed, a circle of them is not', async () => {
    await using server = await startScriptedServer(status(301, { location: '/b.png' }), bytes(PNG_MAGIC));
    await using circle = await startScriptedServer(status(302, { location: '/again.png' }));
    await using client = openOpenI({ baseUrl: server.url, ...quick });
    await using lost = openOpenI({ baseUrl: circle.url, ...quick });

    expect(await client.fetchImage(`${server.url}/a.png`)).toMatchObject({ mediaType: 'image/png', synthetic: false });
    await expect(lost.fetchImage(`${circle.url}/a.png`)).rejects.toThrow(/more than 3 times/);
  });

  test('images of the live service are asked of a configured mirror, with the double slash of the published lists', async () => {
    await using mirror = await startScriptedServer(bytes(PNG_MAGIC));
    await using client = openOpenI({ baseUrl: mirror.url, ...quick });

    await client.fetchImage(`${OPENI_ORIGIN}//imgs/512/10/10/CXR10_IM-0002-1001.png`);

    expect(mirror.asked).toEqual(['/imgs/512/10/10/CXR10_IM-0002-1001.png']);
  });

  test.each([
    '127.0.0.1',
    '10.1.2.3',
    '192.168.0.1',
    '169.254.169.254',
    '::1',
    'fd00::1',
    '::ffff:10.0.0.1',
    '0.0.0.0',
    'localhost',
  ])('%s is no public address', (address) => expect(isPublicAddress(address)).toBe(false));

  test('a public name that resolves to a private address is refused', async () => {
    // `localhost` stands for a name whose owner points it into our network.
    const failure = await new Promise((resolve) => {
      publicLookup(OPENI_ORIGIN)('localhost', { all: true }, (error) => resolve(error));
    });

    expect(failure).toBeInstanceOf(ForbiddenAddressError);
    expect(mustBePublic('openi.nlm.nih.gov', 'http://127.0.0.1:9')).toBe(true);
    expect(mustBePublic('127.0.0.1', 'http://127.0.0.1:9')).toBe(false);
  });
});

describe('the probe', () => {
  test('says what it found where the API answers', async () => {
    await using server = await startScriptedServer(json({ total: 7470, list: [aRecord('CXR1_IM-0001-1001')] }));

    expect(await probeOpenI({ baseUrl: server.url })).toEqual({ ok: true, total: 7470 });
  });

  test.each([
    ['a server error', status(500), /answers 500/],
    ['a login page', bytes(Buffer.from('<html>')), /not JSON/],
    ['another API', json({ hello: 'world' }), /not a page of records/],
    ['no records', json({ total: 0, list: [] }), /without a record/],
    ['records of another kind', json({ total: 1, list: [{ id: 1 }] }), /other than expected/],
  ])('%s is a reason in words', async (_, script, reason) => {
    await using server = await startScriptedServer(script);

    expect(await probeOpenI({ baseUrl: server.url })).toEqual({ ok: false, reason: expect.stringMatching(reason) });
  });

  test('an unreachable or silent service is a reason within the time allowed', async () => {
    await using silent = await startScriptedServer(() => undefined);

    expect(await probeOpenI({ baseUrl: 'http://127.0.0.1:1', timeoutMs: 1000 })).toMatchObject({ ok: false });
    expect(await probeOpenI({ baseUrl: silent.url, timeoutMs: 50 })).toMatchObject({ ok: false });
  });
});
