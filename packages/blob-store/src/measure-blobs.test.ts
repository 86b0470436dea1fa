import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder } from '@xvision/testing';
import { expect, test } from 'vitest';
import { measureBlobs } from './measure-blobs.js';
import { openStores } from './open-stores.js';

test('blobs are counted once each with their bytes; quarantine and files in the making are not', async () => {
  await using folder = await temporaryFolder();
  const store = { XVISION_STORE: folder.path };
  const { blobs, quarantine } = await openStores(store);
  expect(await measureBlobs(store)).toEqual({ count: 0, bytes: 0 });

  await blobs.put(Buffer.from('four'));
  await blobs.put(Buffer.from('four'));
  await blobs.put(Buffer.from('seven77'));
  await quarantine.put(Buffer.from('unchecked'));
  await writeFile(path.join(folder.path, 'blobs', 'temporary', 'half'), 'half');

  expect(await measureBlobs(store)).toEqual({ count: 2, bytes: 11 });
});

test('a count that nobody needs any more ends', async () => {
  await using folder = await temporaryFolder();
  const store = { XVISION_STORE: folder.path };
  await (await openStores(store)).blobs.put(Buffer.from('one'));

  await expect(measureBlobs(store, AbortSignal.abort())).rejects.toThrow(/abort/);
});
