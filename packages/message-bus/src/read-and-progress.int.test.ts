import type { Envelope } from '@xvision/contracts';
import { aModelTrained, anImageCollected, aRunRequested, startNats, type TestNats } from '@xvision/testing';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Bus, connectBus } from './connect-bus.js';

let nats: TestNats;
let bus: Bus;
beforeAll(async () => {
  nats = await startNats();
  bus = await connectBus({ servers: nats.url, name: 'test' });
  await bus.ensureTopology();
});
afterAll(async () => {
  await bus.close();
  await nats.stop();
});

const soon = { timeout: 15_000, interval: 10 };

async function idsOf(events: AsyncIterable<{ event?: Envelope }>): Promise<(string | undefined)[]> {
  const ids = [];
  for await (const { event } of events) ids.push(event?.id);
  return ids;
}

describe('read', () => {
  test('from a sequence or a time to an end, in order, and again the same', async () => {
    expect(await idsOf(bus.read('XV_MODELS'))).toEqual([]);
    const events = Array.from({ length: 5 }, () => aModelTrained());
    await bus.publishAll(events);
    const ids = events.map((event) => event.id);

    expect(await idsOf(bus.read('XV_MODELS'))).toEqual(ids);
    expect(await idsOf(bus.read('XV_MODELS'))).toEqual(ids);
    expect(await idsOf(bus.read('XV_MODELS', { from: { sequence: 2 }, toSequence: 4 }))).toEqual(ids.slice(1, 4));
    const stored = await bus.message('XV_MODELS', 3);
    expect(await idsOf(bus.read('XV_MODELS', { from: { time: stored?.storedAt ?? new Date(0) } }))).toContain(ids[2]);
    expect(await idsOf(bus.read('XV_MODELS', { from: { time: new Date(Date.now() + 60_000) } }))).toEqual([]);
    expect(await idsOf(bus.read('XV_MODELS', { subject: 'xv.model.evaluated.v1' }))).toEqual([]);
    expect((await bus.lag()).filter((one) => one.stream === 'XV_MODELS')).toHaveLength(1);
  });

  test('asked for while the broker is away, it is answered when the broker is back', async () => {
    await using own = await startNats();
    let tell = () => undefined as void;
    const gone = new Promise<void>((resolve) => {
      tell = resolve;
    });
    const log = { info: () => undefined, warn: () => tell(), error: () => undefined };
    await using reader = await connectBus({ servers: own.url, name: 'test', log });
    await reader.ensureTopology();
    const event = aModelTrained();
    await reader.publish(event);
    await own.kill();
    await gone;

    const reading = idsOf(reader.read('XV_MODELS'));
    const following = reader.follow({ from: 'all', streams: ['XV_MODELS'] });
    const first = following.next();
    await own.restart();

    expect(await reading).toEqual([event.id]);
    expect((await first).value?.event?.id).toBe(event.id);
    await following.return();
  });

  test('a message that a stream does not keep is undefined', async () => {
    expect(await bus.message('XV_MODELS', 1_000_000)).toBeUndefined();
  });
});

describe('follow', () => {
  test('events of every stream are told as they are stored, until the signal ends it', async () => {
    const stop = new AbortController();
    const seen: string[] = [];
    const following = (async () => {
      for await (const { event } of bus.follow({ signal: stop.signal })) seen.push(event?.id ?? '');
    })();
    // Only what is published after the followers are there is new to them; so publish until the first is seen.
    await vi.waitFor(async () => {
      await bus.publish(aRunRequested());
      expect(seen.length).toBeGreaterThan(0);
    }, soon);
    const events = [anImageCollected(), aModelTrained(), aRunRequested()];

    await bus.publishAll(events);

    await vi.waitFor(() => expect(seen).toEqual(expect.arrayContaining(events.map((event) => event.id))), soon);
    stop.abort();
    await following;
  });

  test('it ends with the loop around it, too', async () => {
    for await (const { event } of bus.follow({ from: 'all', streams: ['XV_MODELS'] })) {
      expect(event?.type).toBe('xv.model.trained.v1');
      break;
    }
  });
});

describe('progress', () => {
  test('many values a second become the first and the last, and a watcher sees both', async () => {
    const stop = new AbortController();
    const seen: unknown[] = [];
    const watching = (async () => {
      for await (const { key, value } of bus.progress.watch({ key: 'run.1', signal: stop.signal }))
        seen.push([key, value]);
    })();

    for (let epoch = 1; epoch <= 100; epoch += 1) bus.progress.put('run.1', { epoch });
    await vi.waitFor(() => expect(seen.length).toBeGreaterThan(0), soon);
    await bus.progress.flush();

    await vi.waitFor(() => expect(seen.at(-1)).toEqual(['run.1', { epoch: 100 }]), soon);
    expect(seen.length).toBeLessThanOrEqual(2);
    expect(await bus.progress.get('run.1')).toEqual({ epoch: 100 });
    expect(await bus.progress.get('run.2')).toBeUndefined();
    stop.abort();
    await watching;
  });
});
