import { type Envelope, type EventDefinition, makeEvent, type PayloadOf } from '@xvision/contracts';
import { v7 as uuidv7 } from 'uuid';
import type { Transaction } from './database.js';

export interface Origin {
  /** The service that states the fact, for example `xvision/preprocessor`. */
  readonly source: string;
  /** The image, run, collection or model that the fact is about. */
  readonly subject?: string;
  readonly traceparent?: string;
}

export interface Fact<Definition extends EventDefinition> {
  readonly data: PayloadOf<Definition>;
  readonly origin: Origin;
}

/**
 * Writes an event into the outbox, in the transaction of the effects that it tells of; the relay publishes it.
 * Throws MalformedEventError when the data break the event's own contract.
 */
// oxlint-disable-next-line max-params -- what, of which kind, where and from whom are four things, and every service calls this
export async function emit<Definition extends EventDefinition>(
  tx: Transaction,
  definition: Definition,
  data: PayloadOf<Definition>,
  origin: Origin,
): Promise<Envelope> {
  const [envelope] = await emitAll(tx, definition, [{ data, origin }]);
  if (envelope === undefined) throw new Error(`no event of ${definition.subject} was made`);
  return envelope;
}

/** As {@link emit}, for many facts of one kind in one statement; the outbox keeps their order. */
export async function emitAll<Definition extends EventDefinition>(
  tx: Transaction,
  definition: Definition,
  facts: readonly Fact<Definition>[],
): Promise<Envelope[]> {
  const envelopes = facts.map(({ data, origin }) =>
    makeEvent(definition, data, { ...origin, id: uuidv7(), time: new Date() }),
  );
  if (envelopes.length > 0) await insertEvents(tx, envelopes);
  return envelopes;
}

async function insertEvents(tx: Transaction, envelopes: readonly Envelope[]): Promise<void> {
  await tx.prisma.$executeRaw`
    INSERT INTO event (id, subject, about, envelope)
    SELECT (entry.envelope ->> 'id')::uuid, entry.envelope ->> 'type', entry.envelope ->> 'subject', entry.envelope
    FROM jsonb_array_elements(${JSON.stringify(envelopes)}::jsonb) WITH ORDINALITY AS entry (envelope, position)
    ORDER BY entry.position`;
}
