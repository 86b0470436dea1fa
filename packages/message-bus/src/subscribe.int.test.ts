import { connect, createInbox } from '@nats-io/transport-node';
import { imageCollected, imagePrepared, PoisonMessageError, TransientError } from '@xvision/contracts';
import { anImageCollected, anImagePrepared, startNats, type TestNats } from '@xvision/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Advisory } from './advisories.js';
import { type Bus, connectBus } from './connect-bus.js';
import type { DeadLetter } from './dead-letter.js';
import { MAX_DELIVERIES } from './topology.js';

let nats: TestNats;
let bus: Bus;
beforeEach(async ({ task }) => {
  // Writing each message through takes a third of a second per test, and only matters to a broker that dies.
  nats = await startNats({ syncAlways: task.suite?.name === 'a broker that dies' });
  bus = await connectBus({ servers: nats.url, name: 'test' });
  await bus.ensureTopology();
});
afterEach(async () => {
  await bus.close();
  await nats.stop();
});

const preprocessor = { durable: 'preprocessor', stream: 'XV_IMAGES', retryDelaysMs: [1] };
const extractor = { durable: 'extractor', stream: 'XV_PREPARED', retryDelaysMs: [1] };
const soon = { timeout: 15_000, interval: 10 };

/** A promise and the means to fulfil it. */
function gate(): { open: () => void; opened: Promise<void> } {
  let open = () => undefined as void;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

async function lagOf(stream: string, consumer: string) {
  const lag = (await bus.lag()).find((one) => one.stream === stream && one.consumer === consumer);
  return { pending: lag?.pending, ackPending: lag?.ackPending };
}
const settled = { pending: 0, ackPending: 0 };

describe('how a message is settled', () => {
  test('a handler that returns is done with its event, and sees it parsed', async () => {
    const event = anImageCollected({}, { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' });
    const seen: unknown[] = [];
    await bus.subscribe(imageCollected, preprocessor, (received, { delivery }) => {
      seen.push({ received, delivery });
    });

    await bus.publish(event);

    await vi.waitFor(() => expect(seen).toEqual([{ received: event, delivery: 1 }]), soon);
    await vi.waitFor(async () => expect(await lagOf('XV_IMAGES', 'preprocessor')).toEqual(settled), soon);
  });

  test('a transient failure is tried again until it succeeds', async () => {
    const deliveries: number[] = [];
    await bus.subscribe(imageCollected, preprocessor, (_event, { delivery }) => {
      deliveries.push(delivery);
      if (delivery < 3) throw new TransientError('the store is away');
    });

    await bus.publish(anImageCollected());

    await vi.waitFor(() => expect(deliveries).toEqual([1, 2, 3]), soon);
    await vi.waitFor(async () => expect(await lagOf('XV_IMAGES', 'preprocessor')).toEqual(settled), soon);
  });

  test('poison is dead on its first delivery: recorded, told on xv.dead, never delivered again', async () => {
    const letters: DeadLetter[] = [];
    const outcomes: string[] = [];
    let calls = 0;
    const options = {
      ...preprocessor,
      onDeadLetter: (letter: DeadLetter) => Promise.resolve(void letters.push(letter)),
      onSettled: ({ outcome }: { outcome: string }) => void outcomes.push(outcome),
    };
    await bus.subscribe(imageCollected, options, () => {
      calls += 1;
      throw new PoisonMessageError('the original is gone from the store');
    });
    const event = anImageCollected();

    await bus.publish(event);

    await vi.waitFor(() => expect(outcomes).toEqual(['dead']), soon);
    expect(letters).toMatchObject([{ eventId: event.id, reason: 'poison', deliveries: 1, consumer: 'preprocessor' }]);
    const told = [];
    for await (const one of bus.read('XV_DEAD')) told.push(one.event?.data);
    expect(told).toMatchObject([{ eventId: event.id, message: 'the original is gone from the store' }]);
    await vi.waitFor(async () => expect(await lagOf('XV_IMAGES', 'preprocessor')).toEqual(settled), soon);
    expect(calls).toBe(1);
  });

  test('a message that is no event at all is dead, and the next one is worked on', async () => {
    const letters: DeadLetter[] = [];
    const seen: string[] = [];
    const options = {
      ...preprocessor,
      onDeadLetter: (letter: DeadLetter) => Promise.resolve(void letters.push(letter)),
    };
    const raw = await connect({ servers: nats.url });
    await raw.request('xv.image.collected.v1', 'not JSON');
    await raw.request('xv.image.collected.v1', JSON.stringify({ ...anImageCollected(), data: { imageId: 7 } }));
    await raw.close();
    const event = anImageCollected();
    await bus.publish(event);

    await bus.subscribe(imageCollected, options, (received) => void seen.push(received.id));

    await vi.waitFor(() => expect(seen).toEqual([event.id]), soon);
    expect(letters.map((letter) => letter.body).length).toBe(2);
    expect(letters[0]).toMatchObject({ reason: 'poison', body: 'not JSON' });
    expect(letters[1]?.message).toContain('imageId');
  });

  test('a message that fails on every delivery is dead after the last one', async () => {
    const letters: DeadLetter[] = [];
    let calls = 0;
    const options = {
      ...preprocessor,
      onDeadLetter: (letter: DeadLetter) => Promise.resolve(void letters.push(letter)),
    };
    await bus.subscribe(imageCollected, options, () => {
      calls += 1;
      throw new TransientError('the store is away');
    });

    await bus.publish(anImageCollected());

    await vi.waitFor(
      () => expect(letters).toMatchObject([{ reason: 'max-deliveries', deliveries: MAX_DELIVERIES }]),
      soon,
    );
    expect(calls).toBe(MAX_DELIVERIES);
  });

  test('a dead letter that cannot be recorded is not lost: the message is tried again', async () => {
    let recorded = 0;
    const options = {
      ...preprocessor,
      onDeadLetter: () => {
        recorded += 1;
        return recorded < 3 ? Promise.reject(new Error('the catalogue is away')) : Promise.resolve();
      },
    };
    await bus.subscribe(imageCollected, options, () => {
      throw new PoisonMessageError('broken');
    });

    await bus.publish(anImageCollected());

    await vi.waitFor(() => expect(recorded).toBe(3), soon);
    await vi.waitFor(async () => expect(await lagOf('XV_IMAGES', 'preprocessor')).toEqual(settled), soon);
  });
});

describe('who gets a message', () => {
  test('two copies share the events, and a slow copy sits on none that the other could do', async () => {
    const slow = gate();
    const bySlow: string[] = [];
    const byQuick: string[] = [];
    await using other = await connectBus({ servers: nats.url, name: 'other' });
    const slowCopy = await bus.subscribe(imagePrepared, extractor, async (event) => {
      bySlow.push(event.id);
      await slow.opened;
    });
    await bus.publish(anImagePrepared());
    await vi.waitFor(() => expect(bySlow).toHaveLength(1), soon);
    await other.subscribe(imagePrepared, extractor, (event) => void byQuick.push(event.id));

    await bus.publishAll(Array.from({ length: 20 }, () => anImagePrepared()));

    await vi.waitFor(() => expect(byQuick).toHaveLength(20), soon);
    expect(bySlow).toHaveLength(1);
    slow.open();
    await slowCopy.stop();
    await vi.waitFor(async () => expect(await lagOf('XV_PREPARED', 'extractor')).toEqual(settled), soon);
  });

  test('as many events are worked on at once as was asked for, no more', async () => {
    let now = 0;
    let most = 0;
    let done = 0;
    await bus.subscribe(imagePrepared, { ...extractor, concurrency: 4 }, async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => {
        setTimeout(resolve, 5);
      });
      now -= 1;
      done += 1;
    });

    await bus.publishAll(Array.from({ length: 40 }, () => anImagePrepared()));

    await vi.waitFor(() => expect(done).toBe(40), soon);
    expect(most).toBe(4);
  });

  test('a job that takes longer than the time to acknowledge keeps its event', async () => {
    const deliveries: number[] = [];
    let finished = 0;
    const options = { ...extractor, ackWaitMs: 400, concurrency: 2 };
    await bus.subscribe(imagePrepared, options, async (_event, { delivery }) => {
      deliveries.push(delivery);
      await new Promise((resolve) => {
        setTimeout(resolve, 1_500);
      });
      finished += 1;
    });

    await bus.publish(anImagePrepared());

    await vi.waitFor(() => expect(finished).toBe(1), soon);
    expect(deliveries).toEqual([1]);
  });
});

describe('stopping', () => {
  test('waits for the event in hand, takes no more and leaves the rest to others', async () => {
    const working = gate();
    const finish = gate();
    let aborted = false;
    let finished = 0;
    const subscription = await bus.subscribe(imagePrepared, extractor, async (_event, { signal }) => {
      working.open();
      await finish.opened;
      aborted = signal.aborted;
      finished += 1;
    });
    await bus.publishAll([anImagePrepared(), anImagePrepared()]);
    await working.opened;

    const stopped = subscription.stop();
    finish.open();
    await stopped;

    expect({ finished, aborted }).toEqual({ finished: 1, aborted: true });
    await vi.waitFor(
      async () => expect(await lagOf('XV_PREPARED', 'extractor')).toEqual({ pending: 1, ackPending: 0 }),
      soon,
    );
    await subscription.stop();
  });

  test('a job that hands its event back leaves it to another copy at once', async () => {
    const working = gate();
    const subscription = await bus.subscribe(
      imagePrepared,
      { ...extractor, retryDelaysMs: [600_000] },
      async (_event, { signal }) => {
        working.open();
        await new Promise<void>((_, reject) => {
          signal.addEventListener('abort', () => reject(new TransientError('handed back')));
        });
      },
    );
    await bus.publish(anImagePrepared());
    await working.opened;
    await subscription.stop();

    const deliveries: number[] = [];
    await bus.subscribe(imagePrepared, extractor, (_event, { delivery }) => void deliveries.push(delivery));

    await vi.waitFor(() => expect(deliveries).toEqual([2]), soon);
  });

  test('an idle subscription stops at once', async () => {
    const subscription = await bus.subscribe(imagePrepared, { ...extractor, concurrency: 16 }, () => undefined);
    const started = performance.now();

    await subscription.stop();

    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe('a broker that dies', () => {
  test('with its store: what was published is delivered after it is back, to the same subscription', async () => {
    const seen: string[] = [];
    await bus.subscribe(imageCollected, preprocessor, (event) => void seen.push(event.id));
    const [first, second] = [anImageCollected(), anImageCollected()];
    await bus.publish(first);
    await vi.waitFor(() => expect(seen).toEqual([first.id]), soon);

    await nats.kill();
    await nats.restart();
    await vi.waitFor(() => bus.publish(second), soon);

    await vi.waitFor(() => expect(seen).toContain(second.id), soon);
  });

  test('in the middle of a job: its event is not lost', async () => {
    const started = gate();
    const finish = gate();
    const done: string[] = [];
    const options = { ...extractor, ackWaitMs: 2_000 };
    await bus.subscribe(imagePrepared, options, async (event) => {
      started.open();
      await finish.opened;
      done.push(event.id);
    });
    const event = anImagePrepared();
    await bus.publish(event);
    await started.opened;

    await nats.kill();
    await nats.restart();
    finish.open();

    await vi.waitFor(async () => expect(await lagOf('XV_PREPARED', 'extractor')).toEqual(settled), soon);
    expect(new Set(done)).toEqual(new Set([event.id]));
  });

  test('without its store: streams and consumers are there again, the loss can be seen, and work goes on', async () => {
    const seen: string[] = [];
    await bus.subscribe(imageCollected, preprocessor, (event) => void seen.push(event.id));
    await bus.publish(anImageCollected());
    await vi.waitFor(() => expect(seen).toHaveLength(1), soon);
    const before = (await bus.streamsState()).find((one) => one.stream === 'XV_IMAGES');

    await nats.restart({ keepStore: false });
    const event = anImageCollected();
    await vi.waitFor(() => bus.publish(event), soon);

    await vi.waitFor(() => expect(seen).toContain(event.id), soon);
    const after = (await bus.streamsState()).find((one) => one.stream === 'XV_IMAGES');
    expect(after?.created).not.toBe(before?.created);
  });
});

describe('advisories', () => {
  test('a message that nobody ever settled, and one that was given up on, are told with the message itself', async () => {
    const advisories: Advisory[] = [];
    const event = anImageCollected();
    const ids: string[] = [];
    const options = {
      ...preprocessor,
      onDeadLetter: (letter: DeadLetter) => Promise.resolve(void ids.push(letter.id)),
    };
    await bus.subscribeToAdvisories({ durable: 'relay' }, (advisory) =>
      Promise.resolve(void advisories.push(advisory)),
    );
    await bus.subscribe(imageCollected, options, () => {
      throw new PoisonMessageError('broken');
    });

    await bus.publish(event);

    await vi.waitFor(() => expect(advisories).toHaveLength(1), soon);
    expect(advisories[0]).toMatchObject({
      kind: 'terminated',
      stream: 'XV_IMAGES',
      consumer: 'preprocessor',
      deliveries: 1,
      reason: 'poison',
      deadLetterId: ids[0],
    });
    expect(advisories[0]?.message?.event?.id).toBe(event.id);
  });

  test('a killer that never answers is told after the last delivery', async () => {
    const advisories: Advisory[] = [];
    await bus.subscribeToAdvisories({ durable: 'relay' }, (advisory) =>
      Promise.resolve(void advisories.push(advisory)),
    );
    // Takes each message and dies without a word, as a service killed for its memory would.
    const raw = await connect({ servers: nats.url });
    await bus.publish(anImageCollected());
    for (let delivery = 1; delivery <= MAX_DELIVERIES; delivery += 1) {
      const inbox = createInbox();
      const answers = raw.subscribe(inbox, { max: 1 });
      raw.publish('$JS.API.CONSUMER.MSG.NEXT.XV_IMAGES.preprocessor', JSON.stringify({ batch: 1 }), { reply: inbox });
      for await (const message of answers) message.respond('-NAK');
      await raw.flush();
    }
    // The broker notices at the next request that there are no deliveries left.
    raw.publish('$JS.API.CONSUMER.MSG.NEXT.XV_IMAGES.preprocessor', '{"batch": 1}', { reply: createInbox() });

    await vi.waitFor(
      () => expect(advisories).toMatchObject([{ kind: 'max-deliveries', deliveries: MAX_DELIVERIES }]),
      soon,
    );
    await raw.close();
  });
});
