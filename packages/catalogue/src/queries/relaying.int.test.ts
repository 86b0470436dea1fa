import { type RunSettings, scrapeRequested, taskSchema } from '@xvision/contracts';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Catalogue } from '../catalogue.js';
import { emitAll } from '../outbox.js';
import { leadOutbox } from '../outbox-leadership.js';
import {
  aCollection,
  anIdentity,
  aSettledCollection,
  aSha256,
  extract,
  origin,
  prepare,
  startCatalogue,
  type TestCatalogue,
} from '../test-catalogue.js';
import { setCollectionState } from './collections.js';
import { discardDeadLetters, listDeadLetterActs, redriveDeadLetters } from './dead-letter-acts.js';
import { countDeadLetters, listDeadLetters, type NewDeadLetter, recordDeadLetter } from './dead-letters.js';
import { listEvents } from './events.js';
import { findModel, findModelByContent, findModelOfRun, listModels, recordModel } from './models.js';
import {
  findUnpublished,
  markPublished,
  outboxBacklog,
  reconcileStream,
  republishEvents,
  withholdEvents,
} from './outbox.js';
import { findRun, insertRun, listRuns, setRunState } from './runs.js';
import { findStuckEvents } from './stuck-work.js';
import { failStudy, noteStudyProgress, requestStudy } from './studies.js';
import { promotePredictionJobs, promoteRuns } from './sweeper.js';

let started: TestCatalogue;
let catalogue: Catalogue;
beforeAll(async () => {
  started = await startCatalogue();
  catalogue = started.catalogue;
});
afterAll(() => started[Symbol.asyncDispose]());

/** Each test begins with nothing in the catalogue. */
beforeEach(async () => {
  await catalogue.prisma.$executeRaw`
    TRUNCATE collection, dataset, feature, event, inbox, dead_letter, dead_letter_act, stream_state RESTART IDENTITY CASCADE`;
});

async function someEvents(count: number): Promise<string[]> {
  const facts = Array.from({ length: count }, () => ({ data: { collectionId: uuidv7() }, origin }));
  return (await catalogue.transaction((tx) => emitAll(tx, scrapeRequested, facts))).map((envelope) => envelope.id);
}

async function publish(ids: readonly string[], first = 1, stream = 'XV_RUNS'): Promise<number> {
  const acks = ids.map((eventId, at) => ({ eventId, stream, streamSequence: first + at, duplicate: false }));
  return await catalogue.transaction((tx) => markPublished(tx, acks));
}

async function publishAll(): Promise<void> {
  await publish((await findUnpublished(catalogue, 1000)).map(({ envelope }) => envelope.id));
}

const waiting = async () => (await findUnpublished(catalogue, 1000)).map(({ envelope }) => envelope.id);

describe('the outbox', () => {
  test('gives what nobody has published, oldest first, in windows', async () => {
    const ids = await someEvents(5);

    expect((await findUnpublished(catalogue, 2)).map(({ messageId }) => messageId)).toEqual(ids.slice(0, 2));
    await publish(ids.slice(0, 2));

    expect(await waiting()).toEqual(ids.slice(2));
    expect((await outboxBacklog(catalogue)).events).toBe(3);
    const [first] = await listEvents(catalogue, { limit: 1 });
    expect(first).toMatchObject({ stream: 'XV_RUNS', streamSequence: 1n });
  });

  test('an event that commits after a later one was published is found all the same', async () => {
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    let late = '';
    let written = (): void => {};
    const isWritten = new Promise<void>((resolve) => (written = resolve));
    const slow = catalogue.transaction(async (tx) => {
      const [envelope] = await emitAll(tx, scrapeRequested, [{ data: { collectionId: uuidv7() }, origin }]);
      late = envelope?.id ?? '';
      written();
      await held;
    });
    await isWritten;
    const ids = await someEvents(1);
    await publish(ids);

    release();
    await slow;

    expect(await waiting()).toEqual([late]);
  });

  test('a place taken by another event shows what the broker lost', async () => {
    const ids = await someEvents(6);
    await publish(ids.slice(0, 5), 1);

    // The broker restarted from an older state: it kept 1 to 3 only.
    const lost = await publish(ids.slice(5), 4);

    expect(lost).toBe(2);
    expect(await waiting()).toEqual(ids.slice(3, 5));
  });
});

test('an event that can never travel leaves the outbox, and comes back when a person re-drives it', async () => {
  const [first = '', second = ''] = await someEvents(2);
  await catalogue.transaction((tx) => withholdEvents(tx, [first]));
  expect(await waiting()).toEqual([second]);

  await catalogue.transaction((tx) => republishEvents(tx, [first]));

  expect(await waiting()).toEqual([first, second]);
});

describe('reconcile', () => {
  const observed = { stream: 'XV_RUNS', created: '2026-01-01T00:00:00Z', lastSequence: 0 };

  test('finds nothing to do with a broker that kept everything', async () => {
    await publish(await someEvents(3));

    expect(await reconcileStream(catalogue, { ...observed, lastSequence: 3 }, 30)).toBe(0);
    expect(await reconcileStream(catalogue, { ...observed, lastSequence: 3 }, 30)).toBe(0);
    expect(await waiting()).toEqual([]);
  });

  test('puts the tail that the broker lost back into the outbox', async () => {
    const ids = await someEvents(5);
    await publish(ids);

    expect(await reconcileStream(catalogue, { ...observed, lastSequence: 2 }, 30)).toBe(3);
    expect(await waiting()).toEqual(ids.slice(2));
  });

  test('puts everything of a stream that was made anew back, and nothing of another stream', async () => {
    const ids = await someEvents(4);
    await publish(ids.slice(0, 2));
    await publish(ids.slice(2), 1, 'XV_IMAGES');
    await reconcileStream(catalogue, { ...observed, lastSequence: 2 }, 30);

    const made = { ...observed, created: '2026-02-02T00:00:00Z', lastSequence: 2 };

    expect(await reconcileStream(catalogue, made, 30)).toBe(2);
    expect(await waiting()).toEqual(ids.slice(0, 2));
    expect(await reconcileStream(catalogue, made, 30)).toBe(0);
  });
});

describe('the lead over the outbox', () => {
  const ignore = () => {};

  test('one relay leads; the next leads when it is gone', async () => {
    const first = await leadOutbox(started.url, ignore);
    expect(await leadOutbox(started.url, ignore)).toBeUndefined();

    await first?.[Symbol.asyncDispose]();
    await using second = await leadOutbox(started.url, ignore);

    expect(second?.lost.aborted).toBe(false);
  });

  test('an event that commits wakes the leader', async () => {
    let wakes = 0;
    await using lead = await leadOutbox(started.url, () => (wakes += 1));
    expect(lead).toBeDefined();

    await someEvents(3);

    await expect.poll(() => wakes).toBe(1);
  });

  test('a lost connection is told', async () => {
    await using lead = await leadOutbox(started.url, ignore);
    const lost = new Promise((resolve) => lead?.lost.addEventListener('abort', resolve));

    await catalogue.prisma.$executeRaw`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'xvision-relay-lead'`;

    await lost;
  });
});

function aLetter(change: Partial<NewDeadLetter> = {}): NewDeadLetter {
  return {
    id: uuidv7(),
    consumer: 'scraper',
    subject: scrapeRequested.subject,
    stream: 'XV_RUNS',
    streamSequence: 1,
    reason: 'poison',
    message: 'the collection is gone',
    deliveries: 1,
    ...change,
  };
}

const by = (reason: string) => ({ who: 'an operator', reason });

describe('dead letters', () => {
  test('a letter is recorded once, however often it is told', async () => {
    const letter = aLetter();
    expect(await recordDeadLetter(catalogue, letter)).toBe(true);
    expect(await recordDeadLetter(catalogue, letter)).toBe(false);
    expect(await recordDeadLetter(catalogue, aLetter({ streamSequence: 2, reason: 'max-deliveries' }))).toBe(true);

    const [second, first] = await listDeadLetters(catalogue, { state: 'open' });

    expect(second).toMatchObject({ reason: 'max-deliveries', streamSequence: 2n });
    expect(await listDeadLetters(catalogue, { before: second?.id ?? '', limit: 5 })).toEqual([first]);
    expect(await countDeadLetters(catalogue, 'open')).toBe(2);
  });

  test('a re-driven letter has its event published again under another message id', async () => {
    const [eventId = ''] = await someEvents(1);
    await publishAll();
    await recordDeadLetter(catalogue, aLetter({ eventId }));
    const [letter] = await listDeadLetters(catalogue);
    const chosen = { ids: [letter?.id ?? ''] };
    const redrive = () => catalogue.transaction((tx) => redriveDeadLetters(tx, chosen, by('the disk is free')));

    expect(await redrive()).toEqual({ done: [letter?.id], refused: [] });

    const [again] = await findUnpublished(catalogue, 10);
    expect(again).toMatchObject({ envelope: { id: eventId }, messageId: `${eventId}/1` });
    expect(await listDeadLetters(catalogue)).toMatchObject([{ state: 'redriven', resolution: 'the disk is free' }]);
    expect((await redrive()).refused).toEqual([{ id: letter?.id, why: 'it is redriven already' }]);
  });

  test('a letter without an event in the catalogue can only be discarded', async () => {
    await recordDeadLetter(catalogue, aLetter({ eventId: 'garbage', body: '{' }));
    const [letter] = await listDeadLetters(catalogue);
    const ids = [letter?.id ?? '', uuidv7()];

    const redriven = await catalogue.transaction((tx) => redriveDeadLetters(tx, { ids }, by('try')));
    expect(redriven.done).toEqual([]);
    expect(redriven.refused.map(({ why }) => why)).toEqual([
      'there is no dead letter of this id',
      expect.stringContaining('can only be discarded'),
    ]);

    const discarded = await catalogue.transaction((tx) => discardDeadLetters(tx, { ids }, by('garbage')));
    expect(discarded.done).toEqual([letter?.id]);
    expect(await listDeadLetters(catalogue, { state: 'discarded' })).toMatchObject([{ resolution: 'garbage' }]);
  });

  test('all that match are closed by one act, which says who, why and by which filter; the rest stays open', async () => {
    await recordDeadLetter(catalogue, aLetter());
    await recordDeadLetter(catalogue, aLetter({ streamSequence: 2 }));
    await recordDeadLetter(catalogue, aLetter({ streamSequence: 3, consumer: 'trainer' }));
    const chosen = { matching: { consumer: 'scraper' }, limit: 10 };
    const discard = () => catalogue.transaction((tx) => discardDeadLetters(tx, chosen, by('old source')));

    expect((await discard()).done).toHaveLength(2);
    expect(await discard()).toEqual({ done: [], refused: [] });

    const [act, ...more] = await listDeadLetterActs(catalogue, { limit: 10 });
    expect(more).toEqual([]);
    expect(act).toMatchObject({ act: 'discard', letters: 2, matching: { consumer: 'scraper' }, ...by('old source') });
    expect(await listDeadLetters(catalogue, { state: 'open' })).toMatchObject([{ consumer: 'trainer' }]);
    const closed = await listDeadLetters(catalogue, { state: 'discarded', consumer: 'scraper' });
    expect(closed.map((letter) => letter.actId)).toEqual([act?.id, act?.id]);
  });
});

const task = taskSchema.parse({
  name: 'nodule',
  classes: ['normal', 'nodule'].map((name) => ({ name, rule: { kind: 'label-only' } })),
});

function settings(collections: string[]): RunSettings {
  const numbers = { seed: 1, epochs: 2, batchSize: 20, learningRate: 0.01, momentum: 0, weightDecay: 0 };
  return { task, collections, head: 'seed-mlp', allowUntrained: false, allowLeaks: false, ...numbers };
}

const aRun = (collections: string[]) => catalogue.transaction((tx) => insertRun(tx, settings(collections)));
const sweepRuns = () => catalogue.transaction((tx) => promoteRuns(tx, origin));
const sweepJobs = () => catalogue.transaction((tx) => promotePredictionJobs(tx, origin));

async function aModel(runId: string, weights = aSha256(7)): Promise<string> {
  await catalogue.prisma.dataset.upsert({
    where: { sha256: weights },
    update: {},
    create: {
      sha256: weights,
      task: {},
      images: 3,
      patients: 3,
      perClass: {},
      synthetic: false,
      backbone: 'vgg16',
      weights,
      numerics: 'float32',
    },
  });
  const model = { runId, contentKey: `${weights}/1`, sha256: aSha256(5), datasetSha256: weights, card: { head: 'x' } };
  return (await catalogue.transaction((tx) => recordModel(tx, model))).id;
}

describe('runs and models', () => {
  test('a run keeps its settings and each step', async () => {
    const { id: collection } = await aCollection(catalogue);
    const id = await aRun([collection, collection]);
    expect(await findRun(catalogue, id)).toMatchObject({ state: 'waiting', taskName: 'nodule', finishedAt: null });

    await setRunState(catalogue, id, { state: 'training', synthetic: true });
    await setRunState(catalogue, id, { state: 'failed', message: 'fewer than 2 patients in class nodule' });

    const run = await findRun(catalogue, id);
    expect(run).toMatchObject({ state: 'failed', synthetic: true, message: 'fewer than 2 patients in class nodule' });
    expect(run?.finishedAt).toBeInstanceOf(Date);
    expect(run?.settings).toEqual(settings([collection, collection]));
    expect((await listRuns(catalogue)).map((row) => row.id)).toEqual([id]);
    expect(await listRuns(catalogue, { before: id })).toEqual([]);
  });

  test('an equal model is shared by its runs', async () => {
    const { id: collection } = await aCollection(catalogue);
    const [first, second] = [await aRun([collection]), await aRun([collection])];

    const ids = [await aModel(first), await aModel(second)];

    expect(new Set(ids).size).toBe(1);
    const model = await findModelOfRun(catalogue, second);
    expect(model).toMatchObject({ id: ids[0], card: { head: 'x' } });
    expect(await findModel(catalogue, ids[0] ?? '')).toEqual(model);
    expect(await findModelByContent(catalogue, `${aSha256(7)}/1`)).toEqual(model);
    expect(await listModels(catalogue)).toEqual([model]);
  });
});

describe('the sweeper', () => {
  test('asks for a run once when all of its collections are settled, however many relays sweep', async () => {
    const one = await aSettledCollection(catalogue, { name: 'one' });
    const two = await aCollection(catalogue, { name: 'two', images: 1 });
    const run = await aRun([one.id, two.id]);
    expect(await sweepRuns()).toEqual({ requested: [], failed: [] });

    await prepare(catalogue, two.images[0]?.id ?? '', 0);
    await extract(catalogue, two.images[0]?.id ?? '', anIdentity(0));
    await setCollectionState(catalogue, two.id, { state: 'harvested' });
    const swept = await Promise.all([sweepRuns(), sweepRuns(), sweepRuns()]);

    expect(swept.flatMap(({ requested }) => requested)).toEqual([run]);
    expect((await findRun(catalogue, run))?.state).toBe('requested');
    expect(await listEvents(catalogue, { about: run })).toMatchObject([{ envelope: { data: { runId: run } } }]);
  });

  test('fails a run whose collection failed, with the reason', async () => {
    const { id } = await aCollection(catalogue, { name: 'openi-1' });
    const run = await aRun([id]);
    await setCollectionState(catalogue, id, { state: 'failed', message: 'the site does not answer' });

    expect((await sweepRuns()).failed).toEqual([run]);
    expect(await findRun(catalogue, run)).toMatchObject({
      state: 'failed',
      message: 'collection openi-1 failed: the site does not answer',
    });
  });

  test('says which dead letters a run waits for, and goes on when a person discards them', async () => {
    const { id, images } = await aCollection(catalogue, { images: 1 });
    await setCollectionState(catalogue, id, { state: 'harvested' });
    const run = await aRun([id]);
    const [collected] = await listEvents(catalogue, { about: images[0]?.id ?? '' });
    await recordDeadLetter(catalogue, aLetter({ eventId: collected?.envelope.id ?? '' }));

    await sweepRuns();
    expect((await findRun(catalogue, run))?.message).toMatch(/waits for 1 image that a service gave up on/);

    const [letter] = await listDeadLetters(catalogue);
    await catalogue.transaction((tx) => discardDeadLetters(tx, { ids: [letter?.id ?? ''] }, by('lost')));
    expect((await sweepRuns()).requested).toEqual([run]);
    expect((await findRun(catalogue, run))?.message).toBeNull();
  });

  test('asks for a prediction when its images have features from the weights of the model', async () => {
    const trained = await aSettledCollection(catalogue, { name: 'trained' });
    const modelId = await aModel(await aRun([trained.id]));
    const same = await aSettledCollection(catalogue, { name: 'same' });
    const other = await aSettledCollection(catalogue, { name: 'other', weights: aSha256(99) });
    const job = async (collectionId: string) =>
      (await catalogue.prisma.predictionJob.create({ data: { id: uuidv7(), modelId, collectionId, state: 'waiting' } }))
        .id;
    const [right, wrong] = [await job(same.id), await job(other.id)];

    expect(await sweepJobs()).toEqual({ requested: [right], failed: [wrong] });

    const failed = await catalogue.prisma.predictionJob.findUniqueOrThrow({ where: { id: wrong } });
    expect(failed.message).toMatch(/collection other was extracted with weights 0+63 \(float32\), needed are 0+7/);
    expect(await listEvents(catalogue, { about: right })).toMatchObject([
      { envelope: { data: { kind: 'prediction', predictionJobId: right } } },
    ]);
  });
});

describe('stuck work', () => {
  const now = { olderThanSeconds: -1, mostRedrives: 3, limit: 100 };

  test('is a published event without an outcome', async () => {
    const { id, images } = await aCollection(catalogue, { images: 3 });
    const [first, second] = images.map((image) => image.id) as [string, string, string];
    const stuck = async (consumer: 'scraper' | 'preprocessor' | 'extractor', options = now) => {
      const ids = await findStuckEvents(catalogue, consumer, options);
      const events = await listEvents(catalogue, { limit: 1000 });
      return ids.map((eventId) => events.find(({ envelope }) => envelope.id === eventId)?.envelope.subject);
    };
    expect(await stuck('preprocessor')).toEqual([]);

    await prepare(catalogue, first, 0);
    await prepare(catalogue, second, 1);
    await extract(catalogue, first, anIdentity(0));
    await publishAll();

    expect(await stuck('scraper')).toEqual([id]);
    expect(await stuck('preprocessor')).toEqual([images[2]?.id]);
    expect(await stuck('extractor')).toEqual([second]);
    expect(await stuck('extractor', { ...now, olderThanSeconds: 60 })).toEqual([]);
    expect(await stuck('extractor', { ...now, mostRedrives: 0 })).toEqual([]);
  });

  test('leaves dead letters to people', async () => {
    const { images } = await aCollection(catalogue, { images: 1 });
    await publishAll();
    const [collected] = await listEvents(catalogue, { about: images[0]?.id ?? '' });
    const eventId = collected?.envelope.id ?? '';
    await recordDeadLetter(catalogue, aLetter({ consumer: 'preprocessor', eventId }));

    expect(await findStuckEvents(catalogue, 'preprocessor', now)).toEqual([]);
  });

  test('covers runs and prediction jobs', async () => {
    const { id } = await aSettledCollection(catalogue);
    const run = await aRun([id]);
    const modelId = await aModel(run);
    await catalogue.prisma.predictionJob.create({
      data: { id: uuidv7(), modelId, collectionId: id, state: 'waiting' },
    });
    await sweepRuns();
    await sweepJobs();
    await publishAll();

    expect(await findStuckEvents(catalogue, 'trainer', now)).toHaveLength(1);
    expect(await findStuckEvents(catalogue, 'evaluator', now)).toHaveLength(1);
  });

  test('covers studies, asked for or begun, but not those that are over', async () => {
    const ask = () =>
      catalogue.transaction((tx) => requestStudy(tx, { kind: 'audit', about: uuidv7() }, { source: 'xvision/test' }));
    const [asked, begun, over] = [await ask(), await ask(), await ask()];
    await noteStudyProgress(catalogue, begun.id, { done: 0, total: 1, what: 'begun' });
    await failStudy(catalogue, over.id, 'it cannot be answered');
    await publishAll();

    const stuck = await findStuckEvents(catalogue, 'studies', now);

    const events = await listEvents(catalogue, { limit: 1000 });
    const subjects = stuck.map((eventId) => events.find(({ envelope }) => envelope.id === eventId)?.envelope.subject);
    expect(subjects).toEqual([asked.id, begun.id]);
  });
});
