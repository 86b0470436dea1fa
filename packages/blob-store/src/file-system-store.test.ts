import { createHash, randomBytes } from 'node:crypto';
import { existsSync, openSync, writeFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { TransientError } from '@xvision/contracts';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  BlobCorruptError,
  BlobMismatchError,
  BlobMissingError,
  type BlobStore,
  BlobTooLargeError,
} from './blob-store.js';
import { openFileSystemStore } from './file-system-store.js';
import { openStores } from './open-stores.js';

const hex = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

let root: string;
let store: BlobStore;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'xvision-blobs-'));
  store = await openFileSystemStore({ root });
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.byteLength; start += size) yield bytes.subarray(start, start + size);
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}

const fileOf = (sha256: string): string => path.join(root, sha256.slice(0, 2), sha256.slice(2, 4), sha256);

describe('what goes in comes out', () => {
  test('any bytes come back under the sha256 of their content, by put or by stream', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), fc.integer({ min: 1, max: 1000 }), async (bytes, size) => {
        const streamed = await store.putStream(inChunks(bytes, size), { maxBytes: bytes.byteLength });
        const put = await store.put(bytes);

        expect(put).toBe(hex(bytes));
        expect(streamed).toEqual({ sha256: put, byteLength: bytes.byteLength });
        expect(Buffer.from(await store.get(put)).equals(bytes)).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  test('a blob read as a stream is the same blob', async () => {
    const bytes = randomBytes(300_000);
    const sha256 = await store.put(bytes);

    const chunks: Uint8Array[] = [];
    for await (const chunk of await store.openStream(sha256)) chunks.push(chunk as Uint8Array);

    expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
  });

  test('a blob lies two folders deep under its own sha256, and nothing else lies there', async () => {
    const sha256 = await store.put(Buffer.from('a radiograph'));

    expect(await filesIn(root)).toEqual([path.relative(root, fileOf(sha256))]);
  });

  test('a second store on the same folder sees it', async () => {
    const sha256 = await store.put(Buffer.from('shared'));

    const other = await openFileSystemStore({ root });

    expect(await other.has(sha256)).toBe(true);
  });

  test('forty writers of the same bytes end with one whole file', async () => {
    const bytes = randomBytes(200_000);

    const keys = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        index % 2 === 0
          ? store.put(bytes)
          : store.putStream(inChunks(bytes, 7000), { maxBytes: 200_000 }).then((stored) => stored.sha256),
      ),
    );

    expect(new Set(keys)).toEqual(new Set([hex(bytes)]));
    expect(await filesIn(root)).toHaveLength(1);
    await store.get(hex(bytes));
  });
});

describe('what is not there or not right is said', () => {
  test('a missing blob is named', async () => {
    const absent = hex(Buffer.from('never stored'));

    expect(await store.has(absent)).toBe(false);
    await expect(store.get(absent)).rejects.toThrow(BlobMissingError);
    await expect(store.get(absent)).rejects.toThrow(absent);
    await expect(store.openStream(absent)).rejects.toThrow(BlobMissingError);
  });

  test('a blob changed on disk is never handed out', async () => {
    const sha256 = await store.put(Buffer.from('the truth'));
    await writeFile(fileOf(sha256), 'the trutH');

    await expect(store.get(sha256)).rejects.toThrow(BlobCorruptError);
    const readAll = async (): Promise<void> => {
      for await (const chunk of await store.openStream(sha256)) expect(chunk).toBeDefined();
    };
    await expect(readAll()).rejects.toThrow(BlobCorruptError);
  });

  test('storing the bytes again heals a damaged blob', async () => {
    const sha256 = await store.put(Buffer.from('the truth'));
    await writeFile(fileOf(sha256), 'half');

    await store.put(Buffer.from('the truth'));

    expect(Buffer.from(await store.get(sha256)).toString()).toBe('the truth');
  });

  test('a key that would name another file is refused', async () => {
    await expect(store.get('../../etc/passwd')).rejects.toThrow(TypeError);
    await expect(store.remove('..')).rejects.toThrow(TypeError);
  });

  test('removing twice is no error', async () => {
    const sha256 = await store.put(Buffer.from('gone soon'));

    await store.remove(sha256);
    await store.remove(sha256);

    expect(await store.has(sha256)).toBe(false);
  });
});

describe('nothing half done stays', () => {
  test('a stream over its limit is refused and leaves no file', async () => {
    await expect(store.putStream(inChunks(randomBytes(1001), 100), { maxBytes: 1000 })).rejects.toThrow(
      BlobTooLargeError,
    );

    expect(await filesIn(root)).toEqual([]);
  });

  test('a stream that hashes to something else than announced is refused and leaves no file', async () => {
    const expectedSha256 = hex(Buffer.from('announced'));

    await expect(store.putStream(inChunks(Buffer.from('sent'), 2), { maxBytes: 100, expectedSha256 })).rejects.toThrow(
      BlobMismatchError,
    );

    expect(await filesIn(root)).toEqual([]);
  });

  test('a stream that breaks off leaves no file', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield randomBytes(10);
      throw new Error('connection reset');
    }

    await expect(store.putStream(broken(), { maxBytes: 100 })).rejects.toThrow('connection reset');

    expect(await filesIn(root)).toEqual([]);
  });

  test.skipIf(!existsSync('/dev/full'))(
    'a full disk is a fault to wait for, says what to do, and loses nothing that was there',
    async () => {
      const before = await store.put(Buffer.from('there before'));
      // The kernel itself answers every write to this device with ENOSPC.
      const full = await openFileSystemStore({
        root,
        createFile: (file) => {
          writeFileSync(file, 'begun');
          return openSync('/dev/full', 'w');
        },
      });

      const failure = await full.put(Buffer.from('too much')).catch((error: unknown) => error);

      expect(failure).toBeInstanceOf(TransientError);
      expect(String(failure)).toMatch(/no room left .*Free some space/);
      expect(await filesIn(root)).toEqual([path.relative(root, fileOf(before))]);
      await store.get(before);
    },
  );

  test('what a killed process left half written is swept an hour later, and not before', async () => {
    const temporary = path.join(root, 'temporary');
    await writeFile(path.join(temporary, 'old'), 'half');
    await writeFile(path.join(temporary, 'fresh'), 'half');
    const longAgo = new Date(Date.now() - 2 * 60 * 60 * 1000);
    await utimes(path.join(temporary, 'old'), longAgo, longAgo);

    await openFileSystemStore({ root });

    expect(await readdir(temporary)).toEqual(['fresh']);
  });
});

test('a part of a blob is given without reading the rest, and a missing blob has no length', async () => {
  const store = await openFileSystemStore({ root });
  const sha256 = await store.put(Buffer.from('0123456789'));

  const part = await (await store.openPart(sha256, { start: 2, end: 4 })).toArray();

  expect(Buffer.concat(part).toString()).toBe('234');
  expect(await store.byteLength(sha256)).toBe(10);
  await expect(store.byteLength('0'.repeat(64))).rejects.toBeInstanceOf(BlobMissingError);
});

test('quarantine and store are apart: what is uploaded is not yet a blob', async () => {
  const { blobs, quarantine } = await openStores({ XVISION_STORE: root });

  const sha256 = await quarantine.put(Buffer.from('not checked yet'));

  expect(await blobs.has(sha256)).toBe(false);
  expect(await readFile(path.join(root, 'quarantine', sha256.slice(0, 2), sha256.slice(2, 4), sha256), 'utf8')).toBe(
    'not checked yet',
  );
});
