import { type BlobStore, openBlobStore } from '@xvision/blob-store';
import { type Catalogue, findFeatures, migrate } from '@xvision/catalogue';
import { POOL5_LENGTH, PoisonMessageError, TransientError } from '@xvision/contracts';
import { anImagePrepared, sha256Of, startPostgres, type TestPostgres, temporaryFolder } from '@xvision/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { announceTogether } from './announce-together.js';
import { type Dependencies, extractFeatures } from './extract-features.js';
import { announcedImages, featureRows, openTestCatalogue, somePreparedImages } from './test-catalogue.js';

const weights = sha256Of('some weights');

describe('extractFeatures', () => {
  let postgres: TestPostgres;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let catalogue: Catalogue;
  let blobs: BlobStore;
  let passes = 0;
  let deps: Dependencies;

  beforeAll(async () => {
    [postgres, folder] = await Promise.all([startPostgres(), temporaryFolder()]);
    await migrate(postgres.url);
    catalogue = openTestCatalogue(postgres.url);
    blobs = await openBlobStore({ root: folder.path });
  });

  afterAll(async () => {
    await catalogue?.[Symbol.asyncDispose]();
    await postgres?.stop();
    await folder?.[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    await catalogue.prisma.$executeRaw`TRUNCATE feature, event, inbox, collection CASCADE`;
    passes = 0;
    deps = {
      find: async (identity) => (await findFeatures(catalogue, [identity]))[0],
      blobs,
      announce: announceTogether(catalogue).announce,
      async pool5(rgb) {
        passes += 1;
        return new Float32Array(POOL5_LENGTH).fill(rgb.length);
      },
      backbone: { weights, numerics: 'float32' },
      engine: 'a fake',
    };
  });

  test('the row is in the store before the catalogue and the outbox tell of it', async () => {
    const [event] = await somePreparedImages(catalogue, blobs, 1);
    if (event === undefined) throw new Error('no image');

    expect(await extractFeatures(deps, event)).toBe('computed');

    const [row] = await featureRows(catalogue);
    expect(row?.engine).toBe('a fake');
    const bytes = await blobs.get(row?.feature_sha256 ?? '');
    expect(bytes.byteLength).toBe(100_352);
    expect(new DataView(bytes.buffer, bytes.byteOffset).getFloat32(0, true)).toBe(150_528);
    expect(await announcedImages(catalogue)).toEqual([event.data.imageId]);
  });

  test('a redelivered image costs no second forward pass and is announced once', async () => {
    const [event] = await somePreparedImages(catalogue, blobs, 1);
    if (event === undefined) throw new Error('no image');
    await extractFeatures(deps, event);

    expect(await extractFeatures(deps, event)).toBe('repeated');

    expect(passes).toBe(1);
    expect(await announcedImages(catalogue)).toHaveLength(1);
  });

  test('two images with the same pixels share one row, and each is announced', async () => {
    const [first, second] = await somePreparedImages(catalogue, blobs, 2);
    if (first === undefined || second === undefined) throw new Error('no images');
    const twin = { ...second, data: { ...second.data, preparedSha256: first.data.preparedSha256 } };

    await extractFeatures(deps, first);
    expect(await extractFeatures(deps, twin)).toBe('reused');

    expect(passes).toBe(1);
    expect(await featureRows(catalogue)).toHaveLength(1);
    expect(await announcedImages(catalogue)).toEqual([first.data.imageId, second.data.imageId]);
  });

  test('other weights are another row of the same image', async () => {
    const [event] = await somePreparedImages(catalogue, blobs, 1);
    if (event === undefined) throw new Error('no image');
    await extractFeatures(deps, event);

    const other = { ...deps, backbone: { weights: sha256Of('others'), numerics: 'float32' } };
    await extractFeatures(other, { ...event, id: anImagePrepared().id });

    expect(passes).toBe(2);
    expect(await featureRows(catalogue)).toHaveLength(2);
  });

  test('a row that the store lost is computed again', async () => {
    const [event] = await somePreparedImages(catalogue, blobs, 1);
    if (event === undefined) throw new Error('no image');
    await extractFeatures(deps, event);
    const [row] = await featureRows(catalogue);
    await blobs.remove(row?.feature_sha256 ?? '');

    await extractFeatures(deps, { ...event, id: anImagePrepared().id });

    expect(await blobs.has(row?.feature_sha256 ?? '')).toBe(true);
  });

  test('a prepared image that is not in the store yet is retried, not given up', async () => {
    const result = extractFeatures(deps, anImagePrepared({ preparedSha256: sha256Of('never stored') }));

    await expect(result).rejects.toThrow(TransientError);
    await expect(result).rejects.toThrow(/prepared image [0-9a-f]{64} of image .* is not in the store/);
  });

  test('a prepared image that is damaged is given up, with what to do', async () => {
    const preparedSha256 = await blobs.put(Buffer.from('not a PNG'));

    const result = extractFeatures(deps, anImagePrepared({ preparedSha256 }));

    await expect(result).rejects.toThrow(PoisonMessageError);
    await expect(result).rejects.toThrow(/is damaged; prepare the image again/);
    expect(passes).toBe(0);
  });

  test('values that are not finite never reach the store', async () => {
    const [event] = await somePreparedImages(catalogue, blobs, 1);
    if (event === undefined) throw new Error('no image');
    const broken: Dependencies = { ...deps, pool5: async () => new Float32Array(POOL5_LENGTH).fill(Number.NaN) };

    await expect(extractFeatures(broken, event)).rejects.toThrow('a fake gave values that are not finite');

    expect(await featureRows(catalogue)).toEqual([]);
  });
});
