import { createHash } from 'node:crypto';
import { type DeadLetterRecorded, deadLetterRecorded, type Envelope, makeEvent } from '@xvision/contracts';
import type { Delivery } from './delivery.js';

/** Everything needed to look at a message that a consumer gave up on, and to publish it again. */
export interface DeadLetter {
  /** The same for the same message and consumer, so that recording it twice records it once. */
  readonly id: string;
  readonly consumer: string;
  readonly stream: string;
  readonly streamSequence: number;
  readonly subject: string;
  readonly eventId?: string;
  readonly reason: DeadLetterRecorded['reason'];
  readonly message: string;
  readonly deliveries: number;
  /** The message as it was, readable or not. */
  readonly body: string;
}

/** What makes a dead letter one: who gave up on which stored message. */
export interface GivenUp {
  readonly consumer: string;
  readonly stream: string;
  readonly streamSequence: number;
  /** The stored message: a stream that was lost and made anew numbers from 1 again. */
  readonly body: string;
}

/** A UUID (version 8: made by us), the same whoever records the dead letter. */
export function deadLetterId({ consumer, stream, streamSequence, body }: GivenUp): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([consumer, stream, streamSequence, body]))
    .digest('hex');
  const variant = '89ab'[Number.parseInt(digest.charAt(16), 16) % 4];
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `8${digest.slice(13, 16)}`,
    `${variant}${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ].join('-');
}

/** The id inside a message that may not be an event at all. */
function eventIdIn(body: string): string | undefined {
  try {
    const id = (JSON.parse(body) as { id?: unknown } | null)?.id;
    return typeof id === 'string' ? id : undefined;
  } catch {
    return undefined;
  }
}

export function deadLetterOf(delivery: Delivery, reason: DeadLetter['reason'], why: string): DeadLetter {
  const { consumer, stream, streamSequence, body } = delivery;
  const eventId = eventIdIn(body);
  return {
    id: deadLetterId({ consumer, stream, streamSequence, body }),
    consumer,
    stream,
    streamSequence,
    subject: delivery.subject,
    ...(eventId === undefined ? {} : { eventId }),
    reason,
    message: why,
    deliveries: delivery.attempt,
    body,
  };
}

/** The event that tells others of a dead letter. */
export function deadLetterEvent(letter: DeadLetter, source: string): Envelope {
  const { consumer, subject, eventId, reason, message, deliveries, stream, streamSequence } = letter;
  return makeEvent(
    deadLetterRecorded,
    {
      consumer,
      subject,
      ...(eventId === undefined ? {} : { eventId }),
      reason,
      message,
      deliveries,
      stream,
      streamSequence,
    },
    { id: letter.id, source, time: new Date(), ...(eventId === undefined ? {} : { subject: eventId }) },
  );
}
