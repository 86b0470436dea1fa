import { randomUUID } from 'node:crypto';
import { chmod, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { openStores, type Stores } from '@xvision/blob-store';
import { type Catalogue, findPreparation, findPreparedContent, migrate, openCatalogue } from '@xvision/catalogue';
import { AS_PREPARED_VERSION, PoisonMessageError, PREPROCESSING_VERSION, TransientError } from '@xvision/contracts';
import { DEFAULT_MAX_PIXELS, prepareImage, readPrepared } from '@xvision/imaging';
import {
  anImageCollected,
  sha256Of,
  startPostgres,
  type TemporaryFolder,
  type TestPostgres,
  temporaryFolder,
} from '@xvision/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Dependencies, prepareCollected } from './prepare-collected.js';
import { announcements, aRadiograph, collect } from './test-images.js';

describe('prepareCollected', () => {
  let postgres: TestPostgres;
  let folder: TemporaryFolder;
  let catalogue: Catalogue;
  let stores: Stores;
  let deps: Dependencies;
  let decoded = 0;

  beforeAll(async () => {
    [postgres, folder] = await Promise.all([startPostgres(), temporaryFolder()]);
    await migrate(postgres.url);
    catalogue = openCatalogue({ url: postgres.url, applicationName: 'test', connections: 3 });
    stores = await openStores({ XVISION_STORE: folder.path });
    // The same code as in a decoder process, counted.
    const decoder = {
      prepare: (...given: Parameters<typeof prepareImage>) => {
        decoded += 1;
        return prepareImage(...given);
      },
    };
    deps = { catalogue, blobs: stores.blobs, decoder, maxPixels: DEFAULT_MAX_PIXELS };
  });

  beforeEach(async () => {
    await catalogue.prisma.$executeRaw`TRUNCATE event, inbox, collection CASCADE`;
    decoded = 0;
  });

  afterAll(async () => {
    await catalogue?.[Symbol.asyncDispose]();
    await postgres?.stop();
    await folder?.[Symbol.asyncDispose]();
  });

  test('a usable image becomes a network input in the store, a row and one event in the trace of its cause', async () => {
    const [event] = await collect(catalogue, stores.blobs, [{ name: 'a', bytes: await aRadiograph(1) }]);
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

    const outcome = await prepareCollected(deps, { ...event!, traceparent });

    expect(outcome).toBe('prepared');
    const row = await findPreparedContent(catalogue, { ...event!.data, preprocessing: PREPROCESSING_VERSION });
    expect(row).toMatchObject({ width: 300, height: 300, quality: { shortEdge: 300, colour: false } });
    expect(row?.greyStatistics).toHaveLength(15);
    expect(row?.greyStatistics[0]).toBeCloseTo(125, 0);
    expect(await readPrepared(await stores.blobs.get(row!.preparedSha256))).toHaveLength(150_528);
    expect(await announcements(catalogue)).toEqual([
      { subject: 'xv.image.prepared.v1', imageId: event!.data.imageId, traceparent },
    ]);
  });

  test('the same event again has no second effect and decodes nothing', async () => {
    const [event] = await collect(catalogue, stores.blobs, [{ name: 'a', bytes: await aRadiograph(1) }]);
    await prepareCollected(deps, event!);

    expect(await prepareCollected(deps, event!)).toBe('repeated');

    expect(decoded).toBe(1);
    expect(await announcements(catalogue)).toHaveLength(1);
  });

  test('equal bytes of another image are not decoded again, but get their own row and event', async () => {
    const bytes = await aRadiograph(1);
    const events = await collect(catalogue, stores.blobs, [
      { name: 'a', bytes },
      { name: 'b', bytes },
    ]);

    const outcomes = [await prepareCollected(deps, events[0]!), await prepareCollected(deps, events[1]!)];

    expect(outcomes).toEqual(['prepared', 'reused']);
    expect(decoded).toBe(1);
    const rows = await Promise.all(events.map((event) => findPreparation(catalogue, event.data.imageId)));
    expect(rows[1]).toEqual(rows[0]);
    expect((await announcements(catalogue)).map(({ imageId }) => imageId)).toEqual(
      events.map(({ data }) => data.imageId),
    );
  });

  test('what was prepared before but is gone from the store is prepared again', async () => {
    const bytes = await aRadiograph(1);
    const events = await collect(catalogue, stores.blobs, [
      { name: 'a', bytes },
      { name: 'b', bytes },
    ]);
    await prepareCollected(deps, events[0]!);
    const row = await findPreparedContent(catalogue, { ...events[0]!.data, preprocessing: PREPROCESSING_VERSION });
    await stores.blobs.remove(row!.preparedSha256);

    expect(await prepareCollected(deps, events[1]!)).toBe('prepared');

    expect(await stores.blobs.has(row!.preparedSha256)).toBe(true);
  });

  test('an image taken as it is and the same image cropped do not share a row', async () => {
    const bytes = await aRadiograph(1, 224);
    const events = await collect(catalogue, stores.blobs, [
      { name: 'a', bytes },
      { name: 'b', bytes, asPrepared: true },
      { name: 'c', bytes: await aRadiograph(1, 300), asPrepared: true },
    ]);

    for (const event of events) await prepareCollected(deps, event);

    const rows = await Promise.all(events.map((event) => findPreparation(catalogue, event.data.imageId)));
    expect(rows).toMatchObject([
      { preprocessing: PREPROCESSING_VERSION },
      { preprocessing: AS_PREPARED_VERSION },
      { reason: 'not-224', message: expect.stringContaining('300 x 300') },
    ]);
  });

  test('an unfit image is rejected once, with a reason and what to do; its original stays', async () => {
    const whole = await aRadiograph(1);
    const [event] = await collect(catalogue, stores.blobs, [{ name: 'a', bytes: whole.slice(0, whole.length / 2) }]);

    const outcomes = [await prepareCollected(deps, event!), await prepareCollected(deps, event!)];

    expect(outcomes).toEqual(['rejected', 'repeated']);
    expect(await findPreparation(catalogue, event!.data.imageId)).toEqual({
      reason: 'truncated',
      message: expect.stringMatching(/^the file ends before its image does .*; fetch it again$/),
    });
    expect(await announcements(catalogue)).toMatchObject([{ subject: 'xv.image.rejected.v1' }]);
    expect(await stores.blobs.has(event!.data.originalSha256)).toBe(true);
  });

  test('an original that is not in the store yet is tried again later; one damaged there is not', async () => {
    const [missing, damaged] = await collect(catalogue, stores.blobs, [
      { name: 'a', bytes: await aRadiograph(1) },
      { name: 'b', bytes: await aRadiograph(2) },
    ]);
    await stores.blobs.remove(missing!.data.originalSha256);
    await damage(folder.path, damaged!.data.originalSha256);

    await expect(prepareCollected(deps, missing!)).rejects.toThrow(TransientError);
    await expect(prepareCollected(deps, missing!)).rejects.toThrow(/is not in the store yet; collect it again/);
    await expect(prepareCollected(deps, damaged!)).rejects.toThrow(PoisonMessageError);
    await expect(prepareCollected(deps, damaged!)).rejects.toThrow(/is damaged in the store; restore it and re-drive/);
    expect(await announcements(catalogue)).toEqual([]);
  });

  test('an event of an image that the catalogue does not know is given up', async () => {
    const event = anImageCollected({ imageId: randomUUID(), originalSha256: sha256Of('nothing') });

    await expect(prepareCollected(deps, event)).rejects.toThrow(PoisonMessageError);
  });

  test('a decoder that fails by itself rejects no image', async () => {
    const [event] = await collect(catalogue, stores.blobs, [{ name: 'a', bytes: await aRadiograph(1) }]);
    const broken = { prepare: () => Promise.reject(new Error('the decoder process failed, not the image')) };

    await expect(prepareCollected({ ...deps, decoder: broken }, event!)).rejects.toThrow('not the image');

    expect(await announcements(catalogue)).toEqual([]);
    expect(await prepareCollected(deps, event!)).toBe('prepared');
  });
});

/** Overwrites a blob as a bad disk would. */
async function damage(root: string, sha256: string): Promise<void> {
  const store = path.join(root, 'blobs');
  const files = await readdir(store, { recursive: true });
  const file = files.find((name) => name.replaceAll(path.sep, '').endsWith(sha256));
  if (file === undefined) throw new Error(`no file of ${sha256} in ${store}`);
  await chmod(path.join(store, file), 0o600);
  await writeFile(path.join(store, file), 'something else');
}
