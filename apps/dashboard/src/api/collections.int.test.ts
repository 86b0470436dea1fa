import { setCollectionState } from '@xvision/catalogue';
import { collectionSchema, imageSummarySchema, pageOf, recordedEventSchema } from '@xvision/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { seedCollection, sha256, startApi, type TestApi } from './test-api.js';
import { getFrom, refused, requestTo } from './test-requests.js';

let api: TestApi;
let collection: Awaited<ReturnType<typeof seedCollection>>;
beforeAll(async () => {
  api = await startApi();
  collection = await seedCollection(api);
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

const http = () => requestTo(api);
const get = <Schema extends z.ZodType>(path: string, schema: Schema) => getFrom(api, path, schema);

describe('collections', () => {
  const folder = async (name: string, files: readonly string[]) => ({
    source: 'folder' as const,
    name,
    records: await Promise.all(
      files.map(async (file) => ({ file, sha256: await api.quarantine.put(Buffer.from(file)) })),
    ),
  });

  test('asking for a collection catalogues it and asks for its harvest, in one transaction', async () => {
    const response = await http()
      .post('/api/collections')
      .send(await folder('first', ['a.png', 'b.png']));

    expect(response.status).toBe(201);
    const created = collectionSchema.parse(response.body);
    expect(created).toMatchObject({ name: 'first', state: 'requested', settled: false, counts: { collected: 0 } });
    const events = await get(`/api/events?about=${created.id}`, pageOf(recordedEventSchema));
    expect(events.items.map((one) => one.event.type)).toEqual(['xv.scrape.requested.v1']);
  });

  test('the same content asked for twice is one collection, harvested once', async () => {
    const request = await folder('twice', ['a.png']);
    const first = await http().post('/api/collections').send(request);

    const second = await http().post('/api/collections').send(request);

    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body).toEqual(first.body);
    const events = await get(`/api/events?about=${collectionSchema.parse(first.body).id}`, pageOf(recordedEventSchema));
    expect(events.items).toHaveLength(1);
  });

  test('other content under a name that is taken is a conflict that says what to do', async () => {
    await http()
      .post('/api/collections')
      .send(await folder('taken', ['a.png']));

    const problem = await refused(
      http()
        .post('/api/collections')
        .send(await folder('taken', ['b.png'])),
      409,
    );

    expect(problem.detail).toMatch(/Choose another name/);
  });

  test('a collection whose harvest failed is harvested again when it is asked for again', async () => {
    const request = await folder('failed', ['a.png']);
    const { id } = collectionSchema.parse((await http().post('/api/collections').send(request)).body);
    await setCollectionState(api.catalogue, id, { state: 'failed', message: 'the disk was full' });

    const again = await http().post('/api/collections').send(request);

    expect(again.status).toBe(200);
    expect(again.body).toMatchObject({ id, state: 'requested', message: null });
    expect((await get(`/api/events?about=${id}`, pageOf(recordedEventSchema))).items).toHaveLength(2);
  });

  test('a manifest whose files are not uploaded is refused, and nothing is catalogued', async () => {
    const records = [{ file: 'away.png', sha256: sha256(Buffer.from('never uploaded')) }];

    const problem = await refused(
      http().post('/api/collections').send({ source: 'folder', name: 'away', records }),
      422,
    );

    expect(problem.detail).toMatch(/1 of 1 files are not uploaded, the first is away.png/);
    const names = (await get('/api/collections', pageOf(collectionSchema))).items.map((one) => one.name);
    expect(names).not.toContain('away');
  });

  test('a file named twice is refused by name', async () => {
    const { records } = await folder('double', ['a.png', 'a.png']);

    const problem = await refused(
      http().post('/api/collections').send({ source: 'folder', name: 'double', records }),
      400,
    );

    expect(problem.faults).toEqual([{ path: 'body.records.1.file', message: 'a.png is named twice' }]);
  });

  test('a settled collection says how many images are at each stage', async () => {
    const found = await get(`/api/collections/${collection.id}`, collectionSchema);

    expect(found).toMatchObject({ settled: true, synthetic: true, expected: 6 });
    expect(found.counts).toEqual({ collected: 6, prepared: 5, rejected: 1, extracted: 5 });
  });

  test('its images are paged in the order of their ids, each once', async () => {
    const page = pageOf(imageSummarySchema);
    const first = await get(`/api/collections/${collection.id}/images?limit=4`, page);
    const second = await get(`/api/collections/${collection.id}/images?limit=4&cursor=${first.next ?? ''}`, page);

    expect([...first.items, ...second.items].map((one) => one.file)).toEqual(collection.images.map((one) => one.file));
    expect(second.next).toBeNull();
  });
});
