import type { Envelope } from '@xvision/contracts';
import type { Database, Transaction } from '../database.js';

/** A row of the outbox that waits for the relay. */
export interface OutboxRow {
  readonly envelope: Envelope;
  /** The event's own id, or a variant of it once somebody had it published anew; the broker drops what it saw lately. */
  readonly messageId: string;
}

/**
 * The committed rows that nobody has published, in their order. A row that commits late is found in a later window.
 * The envelopes are as they were written; the bus parses them again before they travel.
 */
export async function findUnpublished(db: Database, limit: number): Promise<OutboxRow[]> {
  const rows = await db.prisma.$queryRaw<{ id: string; redrives: number; envelope: Envelope }[]>`
    SELECT id, redrives, envelope FROM event WHERE published_at IS NULL ORDER BY sequence LIMIT ${limit}`;
  return rows.map(({ id, redrives, envelope }) => ({
    envelope,
    messageId: redrives === 0 ? id : `${id}/${redrives}`,
  }));
}

export interface Published {
  readonly eventId: string;
  readonly stream: string;
  readonly streamSequence: number;
  /** The broker had it already, at this place. */
  readonly duplicate: boolean;
}

/**
 * Notes where the broker keeps these events. A place that is taken by another event shows that the broker lost its
 * tail since: whatever was noted from there on goes back into the outbox. Resolves to how many that were.
 */
export async function markPublished(db: Database, published: readonly Published[]): Promise<number> {
  if (published.length === 0) return 0;
  const acks = JSON.stringify(published);
  const [row] = await db.prisma.$queryRaw<{ lost: number }[]>`
    WITH ack AS (
      SELECT * FROM jsonb_to_recordset(${acks}::jsonb)
        AS ack ("eventId" uuid, stream text, "streamSequence" bigint, duplicate boolean)
    ), taken AS (
      SELECT stream, min("streamSequence") AS first FROM ack WHERE NOT duplicate GROUP BY stream
    ), lost AS (
      UPDATE event SET published_at = NULL, stream_sequence = NULL FROM taken
      WHERE event.stream = taken.stream AND event.stream_sequence >= taken.first
        AND NOT EXISTS (SELECT FROM ack WHERE ack."eventId" = event.id)
      RETURNING event.id
    ), noted AS (
      UPDATE event SET published_at = now(), stream = ack.stream, stream_sequence = ack."streamSequence"
      FROM ack WHERE event.id = ack."eventId"
    )
    SELECT count(*)::int AS lost FROM lost`;
  return row?.lost ?? 0;
}

/** Takes events that can never travel out of the outbox; a person finds them among the dead letters. */
export async function withholdEvents(tx: Transaction, eventIds: readonly string[]): Promise<void> {
  await tx.prisma.$executeRaw`
    UPDATE event SET published_at = now(), stream = NULL, stream_sequence = NULL
    WHERE id = ANY (${[...eventIds]}::uuid[])`;
}

export interface Backlog {
  readonly events: number;
  /** Age of the oldest, 0 without any. */
  readonly ageSeconds: number;
}

export async function outboxBacklog(db: Database): Promise<Backlog> {
  const [row] = await db.prisma.$queryRaw<Backlog[]>`
    SELECT count(*)::int AS events,
      coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)::float8 AS "ageSeconds"
    FROM event WHERE published_at IS NULL`;
  return row ?? { events: 0, ageSeconds: 0 };
}

/** What a broker had to say of one of its streams. */
export interface StreamObservation {
  readonly stream: string;
  /** When the stream was created, as the broker writes it; a stream made anew has another time. */
  readonly created: string;
  readonly lastSequence: number;
}

/**
 * Compares what the broker says of a stream with what was noted last, notes the new, and puts every event that the broker
 * lost back into the outbox: the tail after its last sequence, or all when the stream was made anew.
 * Events older than `keptDays` are left out: the broker would not keep them either. Resolves to how many it lost.
 */
export async function reconcileStream(
  db: Database,
  { stream, created, lastSequence }: StreamObservation,
  keptDays: number,
): Promise<number> {
  const [noted] = await db.prisma.$queryRaw<{ created: string }[]>`
    SELECT created FROM stream_state WHERE stream = ${stream}`;
  const madeAnew = noted !== undefined && noted.created !== created;
  const count = await db.prisma.$executeRaw`
    UPDATE event SET published_at = NULL, stream_sequence = NULL
    WHERE event.stream = ${stream} AND event.published_at IS NOT NULL
      AND event.created_at > now() - make_interval(days => ${keptDays}) AND (${madeAnew} OR event.stream_sequence > ${lastSequence})`;
  await db.prisma.$executeRaw`
    INSERT INTO stream_state (stream, created, last_sequence) VALUES (${stream}, ${created}, ${lastSequence})
    ON CONFLICT (stream) DO UPDATE SET created = EXCLUDED.created, last_sequence = EXCLUDED.last_sequence,
      observed_at = now()`;
  return count;
}

/** Puts events back into the outbox as new messages of the same events, and wakes the relay. */
export async function republishEvents(tx: Transaction, eventIds: readonly string[]): Promise<number> {
  if (eventIds.length === 0) return 0;
  const count = await tx.prisma.$executeRaw`
    UPDATE event SET published_at = NULL, stream_sequence = NULL, redrives = redrives + 1
    WHERE id = ANY (${[...new Set(eventIds)]}::uuid[])`;
  await tx.prisma.$executeRaw`NOTIFY outbox`;
  return count;
}
