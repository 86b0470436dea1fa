import { randomUUID } from 'node:crypto';
import { failStudy, findStudy, insertRun, listEvents, listRuns, requestStudy } from '@xvision/catalogue';
import { runSettingsSchema, scrapeRequested, studyRequested } from '@xvision/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  aSettledCollection,
  Databases,
  emitEvents,
  everythingPublished,
  idsIn,
  startBench,
  startRelay,
  type TestBench,
} from './test-relay.js';

let databases: Databases;
beforeAll(async () => {
  databases = await Databases.start();
});
afterAll(() => databases[Symbol.asyncDispose]());

const EVENTS_STREAM = 'XV_RUNS';
const fast = { timeout: 20_000, interval: 20 };

describe('what is in the outbox reaches the broker', () => {
  test('once and in order, and the catalogue knows where', async () => {
    await using bench = await startBench(databases);
    const before = await emitEvents(bench.catalogue, 700);
    await using relay = await startRelay(bench);
    const after = await emitEvents(bench.catalogue, 3);

    await everythingPublished(bench.catalogue);

    expect(await idsIn(bench.bus, EVENTS_STREAM)).toEqual([...before, ...after]);
    const rows = await listEvents(bench.catalogue, { limit: 1000 });
    expect(rows.map((row) => Number(row.streamSequence))).toEqual(rows.map((_, at) => at + 1));
    expect(relay.counts).toMatchObject({ published: 703, lost: 0 });
  });

  test('when the broker is killed in the middle and comes back', async () => {
    await using bench = await startBench(databases);
    await using relay = await startRelay(bench);
    const ids = await emitEvents(bench.catalogue, 1500);
    await expect.poll(() => relay.counts.published, { ...fast, interval: 1 }).toBeGreaterThan(0);

    await bench.nats.kill();
    ids.push(...(await emitEvents(bench.catalogue, 200)));
    await bench.nats.restart();
    await everythingPublished(bench.catalogue);

    const kept = await idsIn(bench.bus, EVENTS_STREAM);
    expect(kept.toSorted()).toEqual(ids.toSorted());
  });

  test('when the database is killed and comes back', async () => {
    await using bench = await startBench(databases);
    await using relay = await startRelay(bench);
    const ids = await emitEvents(bench.catalogue, 300);
    await expect.poll(() => relay.counts.published, fast).toBeGreaterThan(0);

    await databases.postgres.restart();
    ids.push(...(await emitEvents(bench.catalogue, 300)));
    await everythingPublished(bench.catalogue);

    expect((await idsIn(bench.bus, EVENTS_STREAM)).toSorted()).toEqual(ids.toSorted());
    expect(relay.said.join('\n')).toContain('the connection that held the lead is lost');
  });

  test('all of it again when the broker lost its whole store, and every effect stays single', async () => {
    await using bench = await startBench(databases);
    await using relay = await startRelay(bench);
    const effects: string[] = [];
    await using consumer = await consume(bench, effects);
    const ids = await emitEvents(bench.catalogue, 300);
    await expect.poll(() => effects.length, fast).toBe(300);
    await everythingPublished(bench.catalogue);

    await bench.nats.restart({ keepStore: false });
    await expect.poll(() => relay.counts.lost, fast).toBeGreaterThanOrEqual(300);
    ids.push(...(await emitEvents(bench.catalogue, 50)));
    await expect.poll(() => effects.length, fast).toBe(350);
    await everythingPublished(bench.catalogue);

    expect((await idsIn(bench.bus, EVENTS_STREAM)).toSorted()).toEqual(ids.toSorted());
    await consumer.stop();
    expect(effects.toSorted()).toEqual(ids.toSorted());
  });
});

/** A service whose effect is a line in `effects`, once an event. */
async function consume({ bus, catalogue }: TestBench, effects: string[]) {
  const options = { durable: 'scraper', stream: EVENTS_STREAM, concurrency: 8 };
  return await bus.subscribe(scrapeRequested, options, async (event) => {
    await catalogue.effectOnce({ consumer: 'scraper', eventId: event.id }, async () => void effects.push(event.id));
  });
}

const settings = (collections: string[]) =>
  runSettingsSchema.parse({
    task: { name: 'nodule', classes: ['a', 'b'].map((name) => ({ name, rule: { kind: 'label-only' } })) },
    collections,
  });

describe('two relays', () => {
  test('ask for each run once and publish each event once', async () => {
    await using bench = await startBench(databases);
    const { catalogue } = bench;
    const collection = await aSettledCollection(catalogue, 'settled');
    await using first = await startRelay(bench);
    await using second = await startRelay(bench);

    for (let n = 0; n < 20; n += 1) await catalogue.transaction((tx) => insertRun(tx, settings([collection])));
    await expect
      .poll(async () => (await listRuns(catalogue)).every((run) => run.state === 'requested'), fast)
      .toBe(true);
    await everythingPublished(catalogue);

    const asked = await listEvents(catalogue, { subject: 'xv.run.requested.v1' });
    expect(new Set(asked.map(({ envelope }) => envelope.subject)).size).toBe(20);
    expect(asked).toHaveLength(20);
    const kept = await idsIn(bench.bus, EVENTS_STREAM);
    expect(new Set(kept).size).toBe(kept.length);
    expect(first.counts.promoted + second.counts.promoted).toBe(20);
  });

  test('share one lead: when one stops the other goes on', async () => {
    await using bench = await startBench(databases);
    const first = await startRelay(bench);
    await emitEvents(bench.catalogue, 1);
    await everythingPublished(bench.catalogue);
    await using second = await startRelay(bench);
    await expect.poll(() => second.said.join('\n'), fast).toContain('another relay leads');

    await first[Symbol.asyncDispose]();
    await emitEvents(bench.catalogue, 10);
    await everythingPublished(bench.catalogue);

    expect(second.counts.published).toBe(10);
  });
});

test('an event without an outcome is sent again when its consumer has nothing to do', async () => {
  await using bench = await startBench(databases);
  const { bus, catalogue } = bench;
  await using relay = await startRelay(bench, { STUCK_AFTER_SECONDS: 0.4 });
  let deliveries = 0;
  // A broker purged by hand looks like this: the first message was answered, and nothing came of it.
  await using scraper = await bus.subscribe(
    scrapeRequested,
    { durable: 'scraper', stream: EVENTS_STREAM },
    async ({ data }) => {
      deliveries += 1;
      if (deliveries === 1) return;
      await catalogue.prisma.collection.update({ where: { id: data.collectionId }, data: { state: 'harvested' } });
    },
  );

  const id = await aSettledCollection(catalogue, 'stuck');
  await catalogue.prisma.collection.update({ where: { id }, data: { state: 'requested' } });
  await expect.poll(() => deliveries, fast).toBe(2);
  await scraper.stop();

  expect(relay.counts.revived).toBe(1);
  expect(relay.said.join('\n')).toContain('events had no outcome');
  expect(await listEvents(catalogue, { about: id })).toHaveLength(1);
});

test('a study whose request was lost is asked for again', async () => {
  await using bench = await startBench(databases);
  const { bus, catalogue } = bench;
  await using relay = await startRelay(bench, { STUCK_AFTER_SECONDS: 0.4 });
  let deliveries = 0;
  await using evaluator = await bus.subscribe(
    studyRequested,
    { durable: 'studies', stream: EVENTS_STREAM },
    async ({ data }) => {
      deliveries += 1;
      if (deliveries > 1) await failStudy(catalogue, data.studyId, 'the run is gone');
    },
  );

  const request = { kind: 'audit' as const, about: randomUUID() };
  const { id } = await catalogue.transaction((tx) => requestStudy(tx, request, { source: 'xvision/test' }));
  await expect.poll(async () => (await findStudy(catalogue, id))?.state, fast).toBe('failed');
  await evaluator.stop();

  expect([deliveries, relay.counts.revived]).toEqual([2, 1]);
});
