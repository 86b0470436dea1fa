import { randomUUID } from 'node:crypto';
import { type Envelope, MalformedEventError } from '@xvision/contracts';
import {
  aFeaturesExtracted,
  aModelTrained,
  anImageCollected,
  anImagePrepared,
  startNats,
  type TestNats,
} from '@xvision/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Bus, connectBus } from './connect-bus.js';

let nats: TestNats;
let bus: Bus;
beforeAll(async () => {
  nats = await startNats();
  bus = await connectBus({ servers: nats.url, name: 'test' });
});
afterAll(async () => {
  await bus.close();
  await nats.stop();
});
beforeEach(() => bus.ensureTopology());

async function lastSequence(stream: string): Promise<number> {
  return (await bus.streamsState()).find((one) => one.stream === stream)?.lastSequence ?? 0;
}

describe('publish', () => {
  test('an event is on its stream under its own id, and a second time is stored once', async () => {
    const event = anImageCollected();

    const first = await bus.publish(event);
    const second = await bus.publish(event);

    expect(first).toEqual({ eventId: event.id, stream: 'XV_IMAGES', sequence: first.sequence, duplicate: false });
    expect(second).toEqual({ ...first, duplicate: true });
    expect((await bus.message('XV_IMAGES', first.sequence))?.event).toEqual(event);
  });

  test('a redriven event is stored again under its other message id', async () => {
    const event = anImageCollected();
    const first = await bus.publish(event);

    const again = await bus.publish({ event, messageId: `${event.id}.1` });

    expect(again).toMatchObject({ duplicate: false, sequence: first.sequence + 1 });
  });

  test('an event that breaks its contract is refused before anything is sent', async () => {
    const before = await lastSequence('XV_IMAGES');
    const broken = { ...anImageCollected(), data: { imageId: 'no uuid' } } as Envelope;
    const unknown = { ...anImageCollected(), type: 'xv.unheard.of.v1' };

    await expect(bus.publish(broken)).rejects.toThrow(MalformedEventError);
    await expect(bus.publishAll([anImageCollected(), unknown])).rejects.toThrow('unknown type xv.unheard.of.v1');
    expect(await lastSequence('XV_IMAGES')).toBe(before);
  });
});

describe('publishAll', () => {
  test('events of several streams and more than one batch arrive in order, with receipts in the order asked', async () => {
    const images = Array.from({ length: 600 }, () => anImagePrepared());
    const events: Envelope[] = images.flatMap((image, index) =>
      index % 100 === 0 ? [aFeaturesExtracted(), image] : [image],
    );
    const before = await lastSequence('XV_PREPARED');

    const receipts = await bus.publishAll(events);

    expect(receipts.map((receipt) => receipt.eventId)).toEqual(events.map((event) => event.id));
    expect(receipts.filter((one) => one.stream === 'XV_PREPARED').map((one) => one.sequence)).toEqual(
      images.map((_, index) => before + 1 + index),
    );
    const stored: string[] = [];
    for await (const { event } of bus.read('XV_PREPARED', { from: { sequence: before + 1 } }))
      stored.push(event?.id ?? '');
    expect(stored).toEqual(images.map((image) => image.id));
  });

  test('one duplicate in a batch does not keep the others from being stored, and nothing is stored twice', async () => {
    const known = aModelTrained();
    await bus.publish(known);
    const before = await lastSequence('XV_MODELS');
    const fresh = Array.from({ length: 9 }, () => aModelTrained());

    const receipts = await bus.publishAll([...fresh.slice(0, 5), known, ...fresh.slice(5)]);

    expect(receipts.map((one) => one.duplicate)).toEqual([
      false,
      false,
      false,
      false,
      false,
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(await lastSequence('XV_MODELS')).toBe(before + 9);
    expect(await bus.publishAll([...fresh, known])).toHaveLength(10);
    expect(await lastSequence('XV_MODELS')).toBe(before + 9);
  });

  test('nothing to publish is no error', async () => {
    expect(await bus.publishAll([])).toEqual([]);
  });

  test('the trace of an event travels in its headers and its body', async () => {
    const traceparent = `00-${randomUUID().replaceAll('-', '')}-00f067aa0ba902b7-01`;

    const { sequence } = await bus.publish(anImageCollected({}, { traceparent }));

    expect((await bus.message('XV_IMAGES', sequence))?.event?.traceparent).toBe(traceparent);
  });
});
