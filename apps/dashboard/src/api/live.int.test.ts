import { emit, recordPrepared } from '@xvision/catalogue';
import {
  type Pipeline,
  pipelineSchema,
  type RecordedEvent,
  recordedEventSchema,
  scrapeRequested,
} from '@xvision/contracts';
import { connectBus } from '@xvision/message-bus';
import { createLogger } from '@xvision/service-kit';
import { startNats } from '@xvision/testing';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { connectBroker } from '../broker.js';
import { seedCollection, sha256, startApi, type TestApi } from './test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

/** Reads a stream of server-sent events until `enough` says so. */
async function watch<Item>(
  path: string,
  options: {
    parse: (data: unknown) => Item;
    enough: (items: readonly Item[]) => boolean;
    lastEventId?: string;
    opened?: () => void;
  },
): Promise<{ items: Item[]; ids: string[] }> {
  const ending = new AbortController();
  onTestFinished(() => ending.abort());
  const headers = options.lastEventId === undefined ? {} : { 'Last-Event-ID': options.lastEventId };
  const response = await fetch(api.url + path, { signal: ending.signal, headers });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const items: Item[] = [];
  const ids: string[] = [];
  const decoder = new TextDecoder();
  let text = '';
  if (response.body === null) throw new Error('no stream');
  options.opened?.();
  for await (const chunk of response.body) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (data === undefined) continue;
      items.push(options.parse(JSON.parse(data)));
      ids.push(/^id: (.*)$/m.exec(block)?.[1] ?? '');
    }
    if (options.enough(items)) break;
  }
  ending.abort();
  return { items, ids };
}

const asEvent = (data: unknown): RecordedEvent => recordedEventSchema.parse(data);

async function tell(about: string): Promise<void> {
  await api.catalogue.transaction((tx) =>
    emit(tx, scrapeRequested, { collectionId: about }, { source: 'xvision/test', subject: about }),
  );
}

const anId = (n: number): string => `01890000-0000-7000-8000-${n.toString().padStart(12, '0')}`;

describe('the stream of events', () => {
  test('shows what happens from now on, and nothing from before', async () => {
    await tell(anId(1));
    const opened = () => void tell(anId(2));
    const enough = (items: readonly RecordedEvent[]) => items.length === 1;

    const { items } = await watch('/api/events/stream', { parse: asEvent, enough, opened });

    expect(items.map((one) => one.event.subject)).toEqual([anId(2)]);
  });

  test('goes on after the last event that a viewer saw, with nothing left out', async () => {
    const about = Array.from({ length: 30 }, (_, n) => anId(100 + n));
    for (const id of about.slice(0, 10)) await tell(id);
    const first = await watch(`/api/events/stream?after=0`, {
      parse: asEvent,
      enough: (items) => items.some((one) => one.event.subject === about[9]),
    });
    for (const id of about.slice(10, 20)) await tell(id);

    const { items } = await watch('/api/events/stream', {
      parse: asEvent,
      lastEventId: first.ids.at(-1) ?? '',
      opened: () => void Promise.all(about.slice(20).map(tell)),
      enough: (items) => about.slice(10).every((id) => items.some((one) => one.event.subject === id)),
    });

    const ids = items.map((one) => one.event.id);
    expect(new Set(ids).size, 'no event twice on one connection').toBe(ids.length);
  });

  test('shows only what was asked for', async () => {
    const opened = () => void tell(anId(500)).then(() => tell(anId(501)));

    const { items } = await watch(`/api/events/stream?about=${anId(501)}`, {
      parse: asEvent,
      opened,
      enough: (items) => items.length === 1,
    });

    expect(items[0]?.event.subject).toBe(anId(501));
  });

  test('an event of a transaction that commits late is not left out', async () => {
    const late = anId(600);
    const early = anId(601);
    const opened = () =>
      void api.catalogue.transaction(async (tx) => {
        await emit(tx, scrapeRequested, { collectionId: late }, { source: 'xvision/test', subject: late });
        await tell(early);
        // Long enough for the feed to have seen the later number first.
        await new Promise((resolve) => setTimeout(resolve, 600));
      });

    const { items } = await watch('/api/events/stream', {
      parse: asEvent,
      opened,
      enough: (items) => items.length === 2,
    });

    expect(items.map((one) => one.event.subject)).toEqual([early, late]);
  });
});

describe('the stream of the pipeline', () => {
  const asPipeline = (data: unknown): Pipeline => pipelineSchema.parse(data);
  const prepared = (pipeline: Pipeline | undefined) =>
    pipeline?.stages.find((one) => one.stage === 'prepare')?.done ?? 0;

  test('begins with the present state and shows a change', async () => {
    const { images } = await seedCollection(api, { name: `seen-${Date.now()}` });
    const image = images[5]?.id ?? '';
    const change = async () => {
      const size = { width: 300, height: 300, greyStatistics: Array.from({ length: 15 }, () => 0) };
      const bytes = sha256(Buffer.from('late'));
      await api.catalogue.transaction((tx) =>
        recordPrepared(
          tx,
          {
            imageId: image,
            originalSha256: bytes,
            preparedSha256: bytes,
            preprocessing: 'centre-crop-224-v1',
            ...size,
          },
          { source: 'xvision/test' },
        ),
      );
    };

    const { items } = await watch('/api/pipeline/stream', {
      parse: asPipeline,
      enough: (states) => {
        if (states.length === 1) void change();
        return prepared(states.at(-1)) === prepared(states[0]) + 1;
      },
    });

    expect(items.length).toBeGreaterThan(1);
  });
});

describe('the broker', () => {
  const log = createLogger({ service: 'test', level: 'silent', version: '0' });

  test('its consumers and their lag are shown, and while it is away there are none', async () => {
    await using nats = await startNats();
    await using bus = await connectBus({ servers: nats.url, name: 'test' });
    await bus.ensureTopology();
    const signal = new AbortController().signal;
    await using broker = connectBroker({ servers: nats.url, token: undefined, log, signal });
    await expect.poll(() => broker.version()).toMatch(/^2\./);

    const lag = await broker.lag();
    expect(lag?.map((one) => one.consumer)).toContain('preprocessor');

    await nats.kill();
    expect(await broker.lag()).toBeNull();
  });

  test('a broker that is never reached does not hold up the end', async () => {
    const stopping = new AbortController();
    const broker = connectBroker({ servers: 'nats://127.0.0.1:1', token: undefined, log, signal: stopping.signal });
    expect(await broker.lag()).toBeNull();

    stopping.abort();
    await broker[Symbol.asyncDispose]();
  });
});
