import { imagePrepared, MalformedEventError, scrapeRequested } from '@xvision/contracts';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Catalogue } from './catalogue.js';
import { emit, emitAll } from './outbox.js';
import { listEvents } from './queries/events.js';
import { recordWeights } from './queries/features.js';
import { aSha256, origin, startCatalogue, type TestCatalogue } from './test-catalogue.js';

let started: TestCatalogue;
let catalogue: Catalogue;
beforeAll(async () => {
  started = await startCatalogue();
  catalogue = started.catalogue;
});
afterAll(() => started[Symbol.asyncDispose]());

const weights = (n: number) => ({ weights: aSha256(n), backbone: 'vgg16', trained: true, origin: 'a test' }) as const;
const isKept = (n: number) => catalogue.prisma.backboneWeights.count({ where: { weights: aSha256(n) } });

describe('a transaction', () => {
  test('keeps nothing of what it wrote when it throws', async () => {
    const work = catalogue.transaction(async (tx) => {
      await recordWeights(tx, weights(1));
      throw new Error('disk full');
    });

    await expect(work).rejects.toThrow('disk full');
    expect(await isKept(1)).toBe(0);
  });
});

describe('effectOnce', () => {
  test('an event delivered twice to a consumer has its effect once', async () => {
    const effect = { consumer: 'preprocessor', eventId: uuidv7() };
    let effects = 0;
    const run = () => catalogue.effectOnce(effect, async () => void (effects += 1));

    const outcomes = [await run(), await run()];

    expect(outcomes).toEqual([true, false]);
    expect(effects).toBe(1);
  });

  test('two processes with the same event at the same time have one effect', async () => {
    const effect = { consumer: 'preprocessor', eventId: uuidv7() };
    let effects = 0;
    const run = () => catalogue.effectOnce(effect, async () => void (effects += 1));

    const outcomes = await Promise.all([run(), run(), run(), run()]);

    expect(outcomes.filter(Boolean)).toHaveLength(1);
    expect(effects).toBe(1);
  });

  test('an effect that failed is not noted, so that its event may come again', async () => {
    const effect = { consumer: 'preprocessor', eventId: uuidv7() };
    await expect(catalogue.effectOnce(effect, () => Promise.reject(new Error('no')))).rejects.toThrow('no');

    expect(await catalogue.effectOnce(effect, async () => {})).toBe(true);
  });

  test('another consumer and a replay have effects of their own', async () => {
    const eventId = uuidv7();
    const outcomes = [];
    for (const effect of [
      { consumer: 'preprocessor', eventId },
      { consumer: 'extractor', eventId },
      { consumer: 'preprocessor', eventId, replayId: uuidv7() },
    ]) {
      outcomes.push(await catalogue.effectOnce(effect, async () => {}));
    }

    expect(outcomes).toEqual([true, true, true]);
  });
});

describe('emit', () => {
  test('writes the event as it will travel', async () => {
    const about = uuidv7();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const sent = await catalogue.transaction((tx) =>
      emit(tx, scrapeRequested, { collectionId: about }, { ...origin, subject: about, traceparent }),
    );

    const [row] = await listEvents(catalogue, { about });

    expect(row).toMatchObject({ envelope: sent, publishedAt: null, stream: null, streamSequence: null });
    expect(sent).toMatchObject({ type: 'xv.scrape.requested.v1', source: 'xvision/test', traceparent });
    expect(sent.id[14]).toBe('7');
  });

  test('keeps the order of many events of one statement', async () => {
    const ids = Array.from({ length: 300 }, () => uuidv7());
    const facts = ids.map((collectionId) => ({ data: { collectionId }, origin }));
    const sent = await catalogue.transaction((tx) => emitAll(tx, scrapeRequested, facts));

    const rows = await listEvents(catalogue, { subject: scrapeRequested.subject, limit: 1000 });

    expect(rows.slice(-300).map((row) => row.envelope.id)).toEqual(sent.map((envelope) => envelope.id));
  });

  test('data that break the contract are refused, and the transaction with them', async () => {
    const work = catalogue.transaction(async (tx) => {
      await recordWeights(tx, weights(2));
      await emit(
        tx,
        imagePrepared,
        { imageId: 'x', originalSha256: '', preparedSha256: '', preprocessing: '' },
        origin,
      );
    });

    await expect(work).rejects.toThrow(MalformedEventError);
    expect(await isKept(2)).toBe(0);
  });
});

test('a catalogue whose server was killed works again when the server does', async () => {
  await started.postgres.restart();

  await catalogue.ready();

  await recordWeights(catalogue, weights(3));
  expect(await isKept(3)).toBe(1);
});
