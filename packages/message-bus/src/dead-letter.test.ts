import { anImageCollected } from '@xvision/testing';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { deadLetterEvent, deadLetterId, deadLetterOf } from './dead-letter.js';
import type { Delivery } from './delivery.js';

const nothing = () => undefined;
const delivery = (body: string): Delivery => ({
  subject: 'xv.image.collected.v1',
  headers: undefined,
  body,
  stream: 'XV_IMAGES',
  consumer: 'preprocessor',
  streamSequence: 7,
  attempt: 3,
  ack: nothing,
  retry: nothing,
  terminate: nothing,
  working: nothing,
});

describe('dead letters', () => {
  test('a letter has the same id whoever records it, and another for another message of a stream made anew', () => {
    const one = { consumer: 'preprocessor', stream: 'XV_IMAGES', streamSequence: 7, body: 'a' };

    expect(deadLetterId(one)).toBe(deadLetterId({ ...one }));
    expect(deadLetterId(one)).not.toBe(deadLetterId({ ...one, body: 'b' }));
    expect(z.uuid().safeParse(deadLetterId(one)).success).toBe(true);
  });

  test('it names the event, and keeps a message that is no event as it came', () => {
    const event = anImageCollected();

    expect(deadLetterOf(delivery(JSON.stringify(event)), 'poison', 'broken')).toMatchObject({
      eventId: event.id,
      deliveries: 3,
    });
    for (const body of ['{', 'null', '[]', '"text"', '{"id": 5}']) {
      const letter = deadLetterOf(delivery(body), 'poison', 'broken');
      expect(letter.eventId).toBeUndefined();
      expect(letter.body).toBe(body);
      expect(deadLetterEvent(letter, 'xvision/test').data).toMatchObject({ reason: 'poison', message: 'broken' });
    }
  });
});
