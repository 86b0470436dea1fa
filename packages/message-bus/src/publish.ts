import { JetStreamApiError, type JetStreamClient } from '@nats-io/jetstream';
import { headers, type MsgHdrs } from '@nats-io/transport-node';
import { type Envelope, everyEvent, MalformedEventError, parseEvent, TransientError } from '@xvision/contracts';
import { said } from './bus-log.js';
import type { Link } from './link.js';
import { streamOf } from './topology.js';
import { TRACEPARENT, traceparentOf } from './trace.js';

/** An event under another message id than its own, so that the broker takes it once more (a redrive). */
export interface Redriven {
  readonly event: Envelope;
  readonly messageId: string;
}

export interface Receipt {
  readonly eventId: string;
  readonly stream: string;
  /** Its place in the stream; 0 when it was stored before and the broker did not say where. */
  readonly sequence: number;
  /** The broker had it already; nothing was stored. */
  readonly duplicate: boolean;
}

interface Outgoing {
  readonly event: Envelope;
  readonly messageId: string;
  readonly stream: string;
  readonly body: string;
}

/** One write to the disk for this many; larger windows gain nothing. */
export const ATOMIC_BATCH = 256;

/** Longer than a busy disk takes to write a batch through. */
const TIMEOUT_MS = 15_000;

/** How long a publisher waits for a broker that is away, and how often it asks again before it gives up. */
const AWAY_MS = 30_000;
const ATTEMPTS = 3;

/** What publishing needs of the bus. */
export interface PublishNeeds {
  readonly client: JetStreamClient;
  readonly link: Link;
}

const definitions = new Map(everyEvent.map((definition) => [definition.subject, definition]));

/** Parses an event against the contract of its type; throws {@link MalformedEventError} before anything is sent. */
function outgoing(item: Envelope | Redriven): Outgoing {
  const event = 'event' in item ? item.event : item;
  const definition = definitions.get(event.type);
  if (definition === undefined) throw new MalformedEventError(`event ${event.id} has the unknown type ${event.type}`);
  const parsed = parseEvent(definition, event);
  const traceparent = traceparentOf(parsed);
  const body = JSON.stringify(traceparent === undefined ? parsed : { ...parsed, traceparent });
  return { event: parsed, messageId: 'event' in item ? item.messageId : event.id, stream: streamOf(event.type), body };
}

function headersOf({ event, messageId }: Outgoing): MsgHdrs {
  const list = headers();
  list.set('Nats-Msg-Id', messageId);
  list.set('Content-Type', 'application/cloudevents+json');
  const traceparent = traceparentOf(event);
  if (traceparent !== undefined) list.set(TRACEPARENT, traceparent);
  return list;
}

/** Asks again when there is no answer: the message id keeps the broker from storing it twice. */
async function publishSingly({ client, link }: PublishNeeds, message: Outgoing): Promise<Receipt> {
  const { event, stream } = message;
  const options = { headers: headersOf(message), timeout: TIMEOUT_MS, expect: { streamName: stream } };
  for (let attempt = 1; ; attempt += 1) {
    await link.up(AWAY_MS);
    try {
      const ack = await link.during(() => client.publish(event.type, message.body, { ...options }));
      return { eventId: event.id, stream: ack.stream, sequence: ack.seq, duplicate: ack.duplicate };
    } catch (error) {
      if (attempt < ATTEMPTS && !(error instanceof JetStreamApiError)) continue;
      throw new TransientError(`event ${event.id} (${event.type}) was not published: ${said(error)}`, { cause: error });
    }
  }
}

/** All or none; throws without a usable reason when the server refuses one of them, for example a duplicate id. */
async function publishAtomically({ client }: PublishNeeds, messages: readonly Outgoing[]): Promise<Receipt[]> {
  const [first, ...rest] = messages;
  const last = rest.pop();
  if (first === undefined || last === undefined) throw new Error('an atomic batch needs two messages');
  const batch = await client.startBatch(first.event.type, first.body, {
    headers: headersOf(first),
    timeout: TIMEOUT_MS,
  });
  for (const message of rest) batch.add(message.event.type, message.body, { headers: headersOf(message) });
  const options = { headers: headersOf(last), timeout: TIMEOUT_MS };
  const ack = await batch.commit(last.event.type, last.body, options);
  return messages.map(({ event }, index) => ({
    eventId: event.id,
    stream: ack.stream,
    sequence: ack.seq - messages.length + 1 + index,
    duplicate: false,
  }));
}

async function publishWindow(needs: PublishNeeds, messages: readonly Outgoing[]): Promise<Receipt[]> {
  if (messages.length > 1) {
    try {
      return await needs.link.during(() => publishAtomically(needs, messages));
    } catch {
      // One duplicate spoils a batch; singly, with the same ids, the others are stored and none twice.
    }
  }
  // Sent in order over one connection, hence stored in order; only the answers are awaited together.
  const settled = await Promise.allSettled(messages.map((message) => publishSingly(needs, message)));
  const failed = settled.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
}

/** Publishes one event; resolves when the broker has it on its disk. Throws {@link TransientError} when it does not. */
export async function publishEvent(needs: PublishNeeds, item: Envelope | Redriven): Promise<Receipt> {
  return publishSingly(needs, outgoing(item));
}

/**
 * Publishes many, in their order within each stream; receipts come in the order of the events. When it throws some may
 * be stored: the same call again stores the others only.
 */
export async function publishEvents(needs: PublishNeeds, items: readonly (Envelope | Redriven)[]): Promise<Receipt[]> {
  const byStream = new Map<string, { message: Outgoing; place: number }[]>();
  items.map(outgoing).forEach((message, place) => {
    const group = byStream.get(message.stream) ?? [];
    group.push({ message, place });
    byStream.set(message.stream, group);
  });
  const receipts: Receipt[] = Array.from({ length: items.length });
  for (const group of byStream.values()) {
    for (let from = 0; from < group.length; from += ATOMIC_BATCH) {
      const window = group.slice(from, from + ATOMIC_BATCH);
      const done = await publishWindow(
        needs,
        window.map(({ message }) => message),
      );
      done.forEach((receipt, index) => {
        const place = window[index]?.place;
        if (place !== undefined) receipts[place] = receipt;
      });
    }
  }
  return receipts;
}
