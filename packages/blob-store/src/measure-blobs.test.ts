import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { measureBlobs } from './measure-blobs.js';
import { openStores } from './open-stores.js';

async function aFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'xvision-blobs-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test('blobs are counted once each with their bytes; quarantine and files in the making are not', async () => {
  const store = { XVISION_STORE: await aFolder() };
  const { blobs, quarantine } = await openStores(store);
  expect(await measureBlobs(store)).toEqual({ count: 0, bytes: 0 });

  await blobs.put(Buffer.from('four'));
  await blobs.put(Buffer.from('four'));
  await blobs.put(Buffer.from('seven77'));
  await quarantine.put(Buffer.from('unchecked'));
  await writeFile(path.join(store.XVISION_STORE, 'blobs', 'temporary', 'half'), 'half');

  expect(await measureBlobs(store)).toEqual({ count: 2, bytes: 11 });
});

test('a count that nobody needs any more ends', async () => {
  const store = { XVISION_STORE: await aFolder() };
  await (await openStores(store)).blobs.put(Buffer.from('one'));

  await expect(measureBlobs(store, AbortSignal.abort())).rejects.toThrow(/abort/);
});
