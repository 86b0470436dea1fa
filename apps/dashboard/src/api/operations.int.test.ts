import { recordServiceStarted } from '@xvision/catalogue';
import {
  eventKindSchema,
  everyEvent,
  pageOf,
  recordedEventSchema,
  replayCapabilitySchema,
  serviceInstanceSchema,
  storageSchema,
} from '@xvision/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { seedCollection, startApi, type TestApi } from './test-api.js';
import { getFrom, refused, requestTo, UNKNOWN } from './test-requests.js';

let api: TestApi;
let images: Awaited<ReturnType<typeof seedCollection>>['images'];
beforeAll(async () => {
  api = await startApi();
  ({ images } = await seedCollection(api));
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});
const get = <Schema extends z.ZodType>(path: string, schema: Schema) => getFrom(api, path, schema);

describe('the system', () => {
  test('tells each process with its engine and why it was chosen, newest first, page by page', async () => {
    const ids = ['01890000-0000-7000-8000-0000000000a1', '01890000-0000-7000-8000-0000000000a2'] as const;
    const common = { version: '0.1.0', host: 'here', pid: 7 };
    const engine = { label: 'onnx-cpu', reason: 'asked for' };
    await recordServiceStarted(api.catalogue, { ...common, id: ids[0], name: 'extractor', engine });
    await recordServiceStarted(api.catalogue, { ...common, id: ids[1], name: 'trainer' });

    const first = await get('/api/system/services?limit=1', pageOf(serviceInstanceSchema));
    const second = await get(`/api/system/services?limit=1&cursor=${first.next}`, pageOf(serviceInstanceSchema));

    expect(first.items).toMatchObject([{ name: 'trainer', engine: null, standing: 'alive' }]);
    expect(second.items).toMatchObject([{ name: 'extractor', engine: 'onnx-cpu', engineReason: 'asked for' }]);
  });

  test('tells what the database and the blob store hold, once it is counted', async () => {
    const counted = await expect
      .poll(async () => (await get('/api/system/storage', storageSchema)).blobs)
      .not.toBeNull()
      .then(() => get('/api/system/storage', storageSchema));

    expect(counted.database.bytes).toBeGreaterThan(1_000_000);
    // Six originals, five prepared images and five rows of features.
    expect(counted.blobs).toMatchObject({ count: 16 });
    expect(counted.blobs?.bytes).toBeGreaterThan(5 * 4 * 25_088);
  });

  test('says that it does not replay yet, why, and which modes there will be', async () => {
    const capability = await get('/api/replays/capability', replayCapabilitySchema);

    expect(capability).toMatchObject({ available: false, reason: expect.stringContaining('dead letters') });
    expect(capability.modes.map(({ mode }) => mode)).toEqual(['audit', 'shadow', 'rebuild', 'redrive']);
  });
});

describe('the log of events', () => {
  const types = async (query: string) =>
    (await get(`/api/events?${query}`, pageOf(recordedEventSchema))).items.map(({ event }) => event.type);

  test('one image has its whole path, oldest first', async () => {
    expect(await types(`about=${images[0]?.id}&order=oldest`)).toEqual([
      'xv.image.collected.v1',
      'xv.image.prepared.v1',
      'xv.features.extracted.v1',
    ]);
  });

  test('a stream has what the relay handed to it, and nothing else', async () => {
    expect(await types('stream=XV_IMAGES')).toEqual([]);
    await api.catalogue.prisma.$executeRaw`
      UPDATE event SET published_at = now(), stream = 'XV_IMAGES', stream_sequence = sequence
      WHERE subject = 'xv.image.rejected.v1'`;

    expect(await types('stream=XV_IMAGES')).toEqual(['xv.image.rejected.v1']);
  });

  test('every kind of event has a sentence and a stream', async () => {
    const { items } = await get('/api/events/kinds', z.object({ items: z.array(eventKindSchema) }));

    expect(items.map(({ subject }) => subject)).toEqual(everyEvent.map(({ subject }) => subject));
    expect(items.find(({ subject }) => subject === 'xv.image.collected.v1')?.stream).toBe('XV_IMAGES');
  });

  test('an event opens with its data; one that is not there is said to be so', async () => {
    const { items } = await get(`/api/events?about=${images[0]?.id}&limit=1`, pageOf(recordedEventSchema));

    expect(await get(`/api/events/${items[0]?.event.id}`, recordedEventSchema)).toEqual(items[0]);
    await refused(requestTo(api).get(`/api/events/${UNKNOWN}`), 404);
  });

  test.each(['stream', 'subject', 'about'])('a page filtered by %s is read from an index', async (column) => {
    await api.catalogue.prisma.$executeRaw`ANALYZE event`;
    const plan = await api.catalogue.transaction(async (tx) => {
      await tx.prisma.$executeRaw`SET LOCAL enable_seqscan = off`;
      return await tx.prisma.$queryRawUnsafe<{ 'QUERY PLAN': string }[]>(
        `EXPLAIN SELECT envelope FROM event WHERE ${column} = 'x' ORDER BY sequence DESC LIMIT 50`,
      );
    });
    const lines = plan.map((line) => line['QUERY PLAN']).join('\n');

    expect(lines).toContain('Index Cond');
    expect(lines).not.toContain('Sort');
  });
});
