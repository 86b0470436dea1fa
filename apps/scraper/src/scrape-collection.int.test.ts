import { createHash } from 'node:crypto';
import { openStores, type Stores } from '@xvision/blob-store';
import {
  type Catalogue,
  findCollection,
  insertCollection,
  listImages,
  migrate,
  openCatalogue,
} from '@xvision/catalogue';
import { type CollectionRequest, PoisonMessageError, TransientError } from '@xvision/contracts';
import { encodeGrey } from '@xvision/imaging';
import { type OpenIClient, openOpenI, type Simulator, startSimulator } from '@xvision/openi';
import { startPostgres, type TemporaryFolder, type TestPostgres, temporaryFolder } from '@xvision/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { aDicomFile } from './dicom.fixture.js';
import { giveUp } from './give-up.js';
import { hashPatient } from './salt.js';
import { type ScraperNeeds, scrapeCollection } from './scrape-collection.js';

const salt = 'sixteen letters!';
const hex = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const never = new AbortController().signal;

let postgres: TestPostgres;
let template: string;
let simulator: Simulator;
beforeAll(async () => {
  postgres = await startPostgres();
  template = await postgres.createDatabase();
  await migrate(template);
  simulator = await startSimulator({ patients: 20, seed: 9, imageSize: 64 });
});
afterAll(async () => {
  await simulator[Symbol.asyncDispose]();
  await postgres.stop();
});

let folder: TemporaryFolder;
let catalogue: Catalogue;
let stores: Stores;
let openI: OpenIClient;
let fetched: string[];
let needs: ScraperNeeds;
beforeEach(async () => {
  folder = await temporaryFolder();
  catalogue = openCatalogue({ url: await postgres.createDatabase({ template }), applicationName: 'test' });
  stores = await openStores({ XVISION_STORE: folder.path });
  fetched = [];
  openI = openOpenI({ baseUrl: simulator.url, attempts: 2, firstBackoffMs: 1 });
  const counting: OpenIClient = {
    ...openI,
    fetchImage: (url, signal) => {
      fetched.push(url);
      return openI.fetchImage(url, signal);
    },
  };
  needs = { catalogue, ...stores, openI: counting, salt, progress: { put: () => undefined } };
});
afterEach(async () => {
  await openI[Symbol.asyncDispose]();
  await catalogue[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

async function request(wanted: CollectionRequest): Promise<string> {
  const { id } = await catalogue.transaction((tx) => insertCollection(tx, wanted, { source: 'test' }));
  return id;
}

const scrape = (collectionId: string, signal = never): Promise<void> =>
  scrapeCollection(needs, { collectionId }, { signal });

async function announced(subject: string): Promise<{ about: string; data: Record<string, unknown> }[]> {
  const rows = await catalogue.prisma.$queryRaw<{ about: string; data: Record<string, unknown> }[]>`
    SELECT about, envelope -> 'data' AS data FROM event WHERE subject = ${subject} ORDER BY sequence`;
  return rows;
}

/** What must be the same however often and with whatever interruptions a collection was harvested. */
async function digest(collectionId: string): Promise<unknown[]> {
  const images = await listImages(catalogue, { collectionId, limit: 1000 });
  return images
    .map(({ id: _id, createdAt: _at, collectionId: _in, ...image }) => image)
    .sort((a, b) => a.externalId.localeCompare(b.externalId));
}

const wholeOpenI: CollectionRequest = { source: 'openi', name: 'all', purpose: 'dataset' };

describe('Open-i', () => {
  test('every record becomes an image with its patient, view, terms and licence, plainly synthetic from the simulator', async () => {
    const id = await request(wholeOpenI);

    await scrape(id);

    const images = await listImages(catalogue, { collectionId: id, limit: 1000 });
    expect(images).toHaveLength(simulator.records);
    expect(new Set(images.map((image) => image.patient)).size).toBe(20);
    expect(images.every((image) => image.synthetic && image.licence === 'CC0-1.0')).toBe(true);
    expect(images.find((image) => image.externalId === 'CXR1_IM-0001-1001')).toMatchObject({
      patient: 'CXR1',
      view: 'frontal',
      mediaType: 'image/png',
      labels: { mesh: [expect.any(String)] },
      report: expect.stringContaining('Impression'),
    });
    expect(await findCollection(catalogue, id)).toMatchObject({
      state: 'harvested',
      synthetic: true,
      expected: simulator.records,
      message: null,
      counts: { collected: simulator.records, rejected: 0 },
    });
  });

  test('each original is in the store before its image is announced, once', async () => {
    const id = await request({ ...wholeOpenI, source: 'openi', limit: 7 });

    await scrape(id);

    const events = await announced('xv.image.collected.v1');
    expect(events).toHaveLength(7);
    expect(new Set(events.map((event) => event.about)).size).toBe(7);
    for (const { data } of events) {
      const bytes = await stores.blobs.get(String(data['originalSha256']));
      expect(bytes.byteLength).toBe(data['byteLength']);
    }
  });

  test('a request delivered again does nothing more', async () => {
    const id = await request({ ...wholeOpenI, source: 'openi', limit: 5 });
    await scrape(id);
    const before = { rows: await digest(id), fetched: fetched.length };

    await scrape(id);

    expect({ rows: await digest(id), fetched: fetched.length }).toEqual(before);
    expect(await announced('xv.image.collected.v1')).toHaveLength(5);
  });

  test('a harvest handed back in the middle goes on where it stopped and ends with the same rows', async () => {
    const undisturbed = await request({ ...wholeOpenI, name: 'undisturbed' });
    await scrape(undisturbed);
    const disturbed = await request({ ...wholeOpenI, name: 'disturbed' });
    const controller = new AbortController();
    fetched = [];
    needs = { ...needs, progress: { put: () => controller.abort() } };

    await expect(scrape(disturbed, controller.signal)).rejects.toThrow();
    const first = (await listImages(catalogue, { collectionId: disturbed, limit: 1000 })).length;
    await scrape(disturbed);

    expect(first).toBe(32);
    expect(fetched).toHaveLength(simulator.records);
    expect(await digest(disturbed)).toEqual(await digest(undisturbed));
  });

  test('two scrapers at once on the same request catalogue each image once', async () => {
    const id = await request(wholeOpenI);

    await Promise.all([scrape(id), scrape(id)]);

    expect(await digest(id)).toHaveLength(simulator.records);
    expect(await announced('xv.image.collected.v1')).toHaveLength(simulator.records);
    expect(await findCollection(catalogue, id)).toMatchObject({ state: 'harvested' });
  });

  test('a service that went away is waited for, and what was collected stays', async () => {
    const second = await startSimulator({ patients: 20, seed: 9, imageSize: 64 });
    await using client = openOpenI({ baseUrl: second.url, attempts: 1 });
    needs = { ...needs, openI: client };
    const id = await request(wholeOpenI);
    const controller = new AbortController();
    needs = { ...needs, progress: { put: () => controller.abort() } };
    await expect(scrape(id, controller.signal)).rejects.toThrow();
    await second[Symbol.asyncDispose]();

    await expect(scrape(id)).rejects.toThrow(TransientError);

    expect(await findCollection(catalogue, id)).toMatchObject({ state: 'harvesting', counts: { collected: 32 } });
  });

  test('an image that stays away is named at the collection; the others are collected', async () => {
    const client = needs.openI;
    const flaky: OpenIClient = {
      ...client,
      fetchImage: async (url, signal) => {
        if (url.includes('CXR2_')) throw new TransientError(`${url} answers 503`);
        return await client.fetchImage(url, signal);
      },
    };
    needs = { ...needs, openI: flaky };
    const id = await request({ ...wholeOpenI, source: 'openi', limit: 6 });

    await scrape(id);

    const collection = await findCollection(catalogue, id);
    expect(collection).toMatchObject({ state: 'harvested', expected: 6 });
    expect(collection?.message).toMatch(/could not be collected\nCXR2_IM-0002-1001: .* answers 503/);
  });

  test('a query that finds nothing fails the collection with words, and the letter is kept', async () => {
    const id = await request({ source: 'openi', name: 'none', query: 'unobtainium', purpose: 'dataset' });

    const failure = await scrape(id).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PoisonMessageError);
    await giveUp(catalogue, aLetter(id, String(failure)));

    expect(await findCollection(catalogue, id)).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('no record for this request'),
    });
  });

  test('a request for a collection that is not there is never tried again', async () => {
    await expect(scrape('019236d4-7a11-7000-8000-000000000000')).rejects.toThrow(PoisonMessageError);
  });
});

function aLetter(collectionId: string, message: string): Parameters<typeof giveUp>[1] {
  const body = JSON.stringify({
    specversion: '1.0',
    id: '019236d4-7a11-7000-8000-000000000001',
    source: 'test',
    type: 'xv.scrape.requested.v1',
    time: new Date(0).toISOString(),
    dataschema: 'test',
    datacontenttype: 'application/json',
    data: { collectionId },
  });
  return {
    id: '019236d4-7a11-8000-8000-000000000002',
    consumer: 'scraper',
    stream: 'XV_RUNS',
    streamSequence: 1,
    subject: 'xv.scrape.requested.v1',
    reason: 'poison',
    message,
    deliveries: 1,
    body,
  };
}

describe("the seed's file", () => {
  test('images of the live site are asked of the configured mirror; one that is gone is named', async () => {
    const img = (number: number): string =>
      `https://openi.nlm.nih.gov//imgs/512/${number}/${number}/CXR${number}_IM-${String(number).padStart(4, '0')}-1001.png`;
    const id = await request({
      source: 'dump',
      name: 'seed',
      purpose: 'dataset',
      records: [
        { id: '17', items: ['normal'], img: img(1) },
        { id: '18', items: ['Nodule/lung', 'Scoliosis'], img: img(2) },
        { id: '19', items: ['normal'], img: img(999) },
      ],
    });

    await scrape(id);

    const images = await listImages(catalogue, { collectionId: id });
    expect(images.map(({ externalId, patient, labels }) => [externalId, patient, labels])).toEqual([
      ['17', 'CXR1', { mesh: ['normal'] }],
      ['18', 'CXR2', { mesh: ['Nodule/lung', 'Scoliosis'] }],
    ]);
    expect(await findCollection(catalogue, id)).toMatchObject({
      expected: 3,
      message: expect.stringMatching(/^1 record could not be collected\n19: .* answers 404$/),
    });
  });

  test('an address outside Open-i is not visited', async () => {
    const id = await request({
      source: 'dump',
      name: 'evil',
      purpose: 'dataset',
      records: [{ id: '1', items: [], img: 'http://169.254.169.254/latest/CXR1.png' }],
    });

    await expect(scrape(id)).rejects.toThrow(/169\.254\.169\.254 is not visited/);
  });
});

describe('uploaded files', () => {
  async function upload(bytes: Uint8Array): Promise<string> {
    return await stores.quarantine.put(bytes);
  }
  const png = (shade: number): Promise<Uint8Array> =>
    encodeGrey(new Uint8Array(64 * 64).fill(shade), { width: 64, height: 64 });
  const folderOf = (
    records: { file: string; sha256: string; patient?: string }[],
    name = 'mine',
  ): CollectionRequest => ({
    source: 'folder',
    name,
    purpose: 'dataset',
    asPrepared: false,
    records: records.map((record) => ({ labels: {}, attributes: {}, ...record })),
  });

  test('a PNG keeps its bytes and what the table says; without a patient it is its own', async () => {
    const [one, two] = [await png(1), await png(2)];
    const id = await request({
      source: 'folder',
      name: 'mine',
      purpose: 'features',
      asPrepared: true,
      records: [
        {
          file: 'a/one.png',
          sha256: await upload(one),
          patient: 'P1',
          view: 'lateral',
          licence: 'CC-BY-4.0',
          labels: { label: 'nodule' },
          attributes: { age: '62' },
        },
        { file: 'b/two.png', sha256: await upload(two), labels: {}, attributes: {} },
      ],
    });

    await scrape(id);

    const [first, second] = await listImages(catalogue, { collectionId: id });
    expect(first).toMatchObject({
      externalId: 'a/one.png',
      originalSha256: hex(one),
      asPrepared: true,
      patient: 'P1',
      view: 'lateral',
      licence: 'CC-BY-4.0',
      labels: { label: 'nodule' },
      attributes: { age: '62' },
      synthetic: false,
    });
    expect(second).toMatchObject({ patient: 'b/two', view: 'unknown', licence: null });
  });

  test('a DICOM file goes into the store without its names, its patient as a salted hash', async () => {
    const original = aDicomFile({ patientId: 'MRN4711', view: 'LL' });
    const sha256 = await upload(original);
    const id = await request(
      folderOf([
        { file: 'by-file.dcm', sha256 },
        {
          file: 'by-table.dcm',
          sha256: await upload(aDicomFile({ patientId: 'other', side: 32 })),
          patient: 'MRN4711',
        },
      ]),
    );

    await scrape(id);

    const images = await listImages(catalogue, { collectionId: id });
    expect(images.map((image) => image.patient)).toEqual([hashPatient('MRN4711', salt), hashPatient('MRN4711', salt)]);
    expect(images[0]).toMatchObject({
      mediaType: 'application/dicom',
      view: 'lateral',
      attributes: { modality: 'CR' },
    });
    for (const image of images) {
      const kept = Buffer.from(await stores.blobs.get(image.originalSha256)).toString('latin1');
      expect(kept).not.toMatch(/SECRET|MRN4711|other/);
    }
    expect(await stores.blobs.has(sha256)).toBe(false);
  });

  test('what is no radiograph is counted and rejected with its reason, and is not kept', async () => {
    const html = Buffer.from('<!doctype html><p>404</p>');
    const torn = aDicomFile({ patientId: 'MRN1' }).subarray(0, 180);
    const id = await request(
      folderOf([
        { file: 'empty.png', sha256: await upload(Buffer.alloc(0)) },
        { file: 'error.png', sha256: await upload(html) },
        { file: 'good.png', sha256: await upload(await png(3)) },
        { file: 'torn.dcm', sha256: await upload(torn) },
      ]),
    );

    await scrape(id);

    expect(await findCollection(catalogue, id)).toMatchObject({
      state: 'harvested',
      expected: 4,
      counts: { collected: 4, rejected: 3 },
    });
    const rejected = await announced('xv.image.rejected.v1');
    expect(rejected.map(({ data }) => data['reason']).slice(0, 2)).toEqual(['empty-file', 'unsupported-format']);
    expect(rejected[1]?.data['message']).toMatch(/HTML page/);
    expect(await announced('xv.image.collected.v1')).toHaveLength(1);
    expect([await stores.blobs.has(hex(html)), await stores.blobs.has(hex(torn))]).toEqual([false, false]);
  });

  test('the quarantine is empty afterwards, except for what another collection still waits for', async () => {
    const [shared, mine] = [await upload(await png(4)), await upload(aDicomFile({ patientId: 'x' }))];
    const first = await request(
      folderOf(
        [
          { file: 'a.png', sha256: shared },
          { file: 'b.dcm', sha256: mine },
        ],
        'first',
      ),
    );
    const second = await request(folderOf([{ file: 'c.png', sha256: shared }], 'second'));

    await scrape(first);
    expect([await stores.quarantine.has(shared), await stores.quarantine.has(mine)]).toEqual([true, false]);
    await scrape(second);

    expect(await stores.quarantine.has(shared)).toBe(false);
    expect(await listImages(catalogue, { collectionId: second })).toHaveLength(1);
  });

  test('a file that was collected before need not be uploaded again; one that never came is named', async () => {
    const bytes = await png(5);
    await stores.blobs.put(bytes);
    const id = await request(
      folderOf([
        { file: 'known.png', sha256: hex(bytes) },
        { file: 'lost.png', sha256: hex(Buffer.from('never sent')) },
      ]),
    );

    await scrape(id);

    expect(await listImages(catalogue, { collectionId: id })).toHaveLength(1);
    expect((await findCollection(catalogue, id))?.message).toMatch(/lost\.png: the file was not uploaded/);
  });

  test('a full disk fails the job for later, not the record for ever', async () => {
    needs = {
      ...needs,
      blobs: { ...stores.blobs, put: () => Promise.reject(new TransientError('no room left on the disk')) },
    };
    const id = await request(folderOf([{ file: 'a.png', sha256: await upload(await png(6)) }]));

    await expect(scrape(id)).rejects.toThrow(/no room left/);

    expect(await findCollection(catalogue, id)).toMatchObject({ state: 'harvesting', counts: { collected: 0 } });
  });
});
