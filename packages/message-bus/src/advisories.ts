import type { JetStreamManager } from '@nats-io/jetstream';
import { MalformedEventError } from '@xvision/contracts';
import { deadLetterId } from './dead-letter.js';
import type { Delivery } from './delivery.js';
import { type StoredEvent, storedEvent } from './read-stream.js';
import { parseBody } from './settle.js';
import { type SubscribeNeeds, type SubscribeOptions, type Subscription, subscribeToMessages } from './subscribe.js';
import { MAX_DELIVERIES_ADVISORY } from './topology.js';

/** The broker says that a message will not be delivered to a consumer again. */
export interface Advisory {
  /** `max-deliveries`: nobody ever settled it, as when it kills its service. `terminated`: a consumer gave up on it. */
  readonly kind: 'max-deliveries' | 'terminated';
  readonly stream: string;
  readonly consumer: string;
  readonly streamSequence: number;
  readonly deliveries: number;
  /** What the consumer said when it gave up. */
  readonly reason?: string;
  /** The message itself; undefined when the stream does not keep it any more. */
  readonly message?: StoredEvent;
  /** The id of its dead letter, the same that the consumer itself would have given. */
  readonly deadLetterId: string;
}

interface AdvisoryBody {
  readonly stream: string;
  readonly consumer: string;
  readonly stream_seq: number;
  readonly deliveries: number;
  readonly reason?: string;
}

function isAdvisoryBody(body: unknown): body is AdvisoryBody {
  const { stream, consumer, stream_seq: sequence, deliveries } = (body ?? {}) as Partial<AdvisoryBody>;
  return (
    typeof stream === 'string' &&
    typeof consumer === 'string' &&
    typeof sequence === 'number' &&
    typeof deliveries === 'number'
  );
}

async function advisoryOf(manager: JetStreamManager, delivery: Delivery): Promise<Advisory> {
  const body = parseBody(delivery);
  if (!isAdvisoryBody(body)) throw new MalformedEventError(`${delivery.subject} is not an advisory`);
  const { stream, consumer, stream_seq: streamSequence, deliveries, reason } = body;
  const kept = await manager.streams.getMessage(stream, { seq: streamSequence });
  return {
    kind: delivery.subject.startsWith(MAX_DELIVERIES_ADVISORY) ? 'max-deliveries' : 'terminated',
    stream,
    consumer,
    streamSequence,
    deliveries,
    ...(reason === undefined ? {} : { reason }),
    ...(kept === null ? {} : { message: storedEvent(stream, kept) }),
    deadLetterId: deadLetterId({ consumer, stream, streamSequence, body: kept?.string() ?? '' }),
  };
}

/** Delivers what the broker says of messages that are dead, each to one of the copies of a service. */
export function subscribeToAdvisories(
  needs: SubscribeNeeds,
  options: Omit<SubscribeOptions, 'stream'>,
  handler: (advisory: Advisory) => Promise<void>,
): Subscription {
  return subscribeToMessages(needs, { ...options, stream: 'XV_ADVISORIES' }, async (delivery) =>
    handler(await advisoryOf(needs.manager, delivery)),
  );
}
