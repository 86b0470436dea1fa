import { type DeadLetterRow, listDeadLetters, redriveDeadLetters } from '@xvision/catalogue';
import { PoisonMessageError, scrapeRequested } from '@xvision/contracts';
import { connectBus, MAX_DELIVERIES } from '@xvision/message-bus';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  Databases,
  emitEvents,
  everythingPublished,
  idsIn,
  startBench,
  startRelay,
  type TestBench,
  type TestRelay,
} from './test-relay.js';

const fast = { timeout: 20_000, interval: 20 };
const scraper = { durable: 'scraper', stream: 'XV_RUNS', retryDelaysMs: [1] };

let databases: Databases;
let bench: TestBench;
let relay: TestRelay;
beforeAll(async () => {
  databases = await Databases.start();
});
afterAll(() => databases[Symbol.asyncDispose]());
beforeEach(async () => {
  bench = await startBench(databases);
  relay = await startRelay(bench);
});
afterEach(async () => {
  await relay[Symbol.asyncDispose]();
  await bench[Symbol.asyncDispose]();
});

async function theLetter(): Promise<DeadLetterRow> {
  await expect.poll(async () => (await listDeadLetters(bench.catalogue)).length, fast).toBe(1);
  const [letter] = await listDeadLetters(bench.catalogue);
  if (letter === undefined) throw new Error('no dead letter');
  return letter;
}

describe('a dead letter', () => {
  test('is recorded for an event that a consumer gave up on, and re-driven it takes effect once everywhere', async () => {
    let broken = true;
    const effects: string[] = [];
    await using consumer = await bench.bus.subscribe(scrapeRequested, scraper, async (event) => {
      if (broken) throw new PoisonMessageError('the collection is gone');
      await bench.catalogue.effectOnce(
        { consumer: 'scraper', eventId: event.id },
        async () => void effects.push(event.id),
      );
    });
    const [eventId = ''] = await emitEvents(bench.catalogue, 1);
    const letter = await theLetter();
    expect(letter).toMatchObject({
      consumer: 'scraper',
      eventId,
      subject: scrapeRequested.subject,
      reason: 'poison',
      message: 'the collection is gone',
      deliveries: 1,
      stream: 'XV_RUNS',
      streamSequence: 1n,
      state: 'open',
    });
    expect(JSON.parse(letter.body ?? '')).toMatchObject({ id: eventId });

    broken = false;
    // Well inside the two minutes in which the broker drops a message id that it knows.
    const act = { who: 'an operator', reason: 'collection restored' };
    await bench.catalogue.transaction((tx) => redriveDeadLetters(tx, { ids: [letter.id] }, act));
    await expect.poll(() => effects, fast).toEqual([eventId]);
    await everythingPublished(bench.catalogue);

    await consumer.stop();
    expect(await listDeadLetters(bench.catalogue)).toMatchObject([{ state: 'redriven' }]);
    expect(await idsIn(bench.bus, 'XV_RUNS')).toEqual([eventId, eventId]);
  });

  test('is recorded for an event whose retries are used up', async () => {
    await using consumer = await bench.bus.subscribe(scrapeRequested, scraper, () => {
      throw new Error('disk full');
    });
    await emitEvents(bench.catalogue, 1);

    const letter = await theLetter();

    await consumer.stop();
    expect(letter).toMatchObject({ reason: 'max-deliveries', message: 'disk full', deliveries: MAX_DELIVERIES });
  });

  test('is recorded for an event that killed its service each time', async () => {
    // A consumer of this test's own: the topology would set a claim of a minute.
    const fragile = { durable: 'fragile', stream: 'XV_RUNS', ackWaitMs: 300 };
    const [eventId = ''] = await emitEvents(bench.catalogue, 1);
    await everythingPublished(bench.catalogue);
    for (let life = 1; life <= MAX_DELIVERIES; life += 1) {
      const doomed = await connectBus({ servers: bench.nats.url, name: 'fragile' });
      const died = new Promise<void>((resolve) => {
        void doomed.subscribe(scrapeRequested, fragile, async () => {
          // The connection is gone without an answer, as when the process is killed.
          await doomed.close();
          resolve();
          return new Promise<void>(() => {});
        });
      });
      await died;
    }
    // The broker notices that the last claim ran out when somebody asks for more.
    await using next = await bench.bus.subscribe(scrapeRequested, fragile, () => {});

    const letter = await theLetter();

    await next.stop();
    expect(letter).toMatchObject({
      consumer: 'fragile',
      eventId,
      reason: 'max-deliveries',
      deliveries: MAX_DELIVERIES,
    });
    expect(letter.message).toMatch(/took it 8 times and never answered/);
  });

  test('is what an event becomes that this version cannot publish, and the events behind it travel', async () => {
    const broken = crypto.randomUUID();
    await bench.catalogue.prisma.$executeRaw`
      INSERT INTO event (id, subject, envelope) VALUES (${broken}::uuid, 'xv.scrape.requested.v1',
        jsonb_build_object('id', ${broken}::text, 'type', 'xv.scrape.requested.v1', 'data', '{}'::jsonb))`;
    const good = await emitEvents(bench.catalogue, 5);

    const letter = await theLetter();
    await everythingPublished(bench.catalogue);

    expect(letter).toMatchObject({ consumer: 'relay', eventId: broken, reason: 'poison' });
    expect(await idsIn(bench.bus, 'XV_RUNS')).toEqual(good);
  });
});
