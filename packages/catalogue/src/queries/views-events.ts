import { envelopeSchema } from '@xvision/contracts';
import type { Database } from '../database.js';
import { Prisma } from '../generated/client.js';
import type { EventRow } from './events.js';

export interface EventFilter {
  readonly subject?: string;
  readonly about?: string;
  readonly stream?: string;
  /** Events older than this sequence. */
  readonly before?: bigint;
  readonly limit: number;
}

interface RawEvent extends Omit<EventRow, 'envelope'> {
  readonly envelope: unknown;
}

const COLUMNS = Prisma.sql`sequence, envelope, published_at AS "publishedAt", stream, stream_sequence AS "streamSequence"`;

/** How far back a late commit is looked for: transactions are short, so a minute is long. */
const LATE_COMMITS = Prisma.sql`interval '1 minute'`;
const LATE_SEQUENCES = 5000;

/** Newest first. */
export async function listNewestEvents(db: Database, filter: EventFilter): Promise<EventRow[]> {
  const conditions = [Prisma.sql`true`];
  if (filter.subject !== undefined) conditions.push(Prisma.sql`subject = ${filter.subject}`);
  if (filter.about !== undefined) conditions.push(Prisma.sql`about = ${filter.about}`);
  if (filter.stream !== undefined) conditions.push(Prisma.sql`stream = ${filter.stream}`);
  if (filter.before !== undefined) conditions.push(Prisma.sql`sequence < ${filter.before}`);
  const rows = await db.prisma.$queryRaw<RawEvent[]>`
    SELECT ${COLUMNS} FROM event WHERE ${Prisma.join(conditions, ' AND ')}
    ORDER BY sequence DESC LIMIT ${filter.limit}`;
  return rows.map(parsed);
}

/**
 * Events after a sequence, and recent ones before it: a transaction may commit after another that got a later number.
 * Whoever follows drops what it has seen, by event id.
 */
export async function listEventsToFollow(db: Database, after: bigint, limit: number): Promise<EventRow[]> {
  const rows = await db.prisma.$queryRaw<RawEvent[]>`
    (SELECT ${COLUMNS} FROM event
      WHERE sequence <= ${after} AND sequence > ${after - BigInt(LATE_SEQUENCES)}
        AND created_at > now() - ${LATE_COMMITS})
    UNION ALL
    (SELECT ${COLUMNS} FROM event WHERE sequence > ${after} ORDER BY sequence LIMIT ${limit})
    ORDER BY sequence`;
  return rows.map(parsed);
}

/** Zero while there is no event. */
export async function latestEventSequence(db: Database): Promise<bigint> {
  const [row] = await db.prisma.$queryRaw<{ latest: bigint }[]>`SELECT coalesce(max(sequence), 0) AS latest FROM event`;
  return row?.latest ?? 0n;
}

/** How many events the catalogue keeps (by their sequence: rolled-back numbers count too) and when the oldest came. */
export async function countKeptEvents(db: Database): Promise<{ count: number; oldestAt: Date | null }> {
  const [row] = await db.prisma.$queryRaw<{ first: bigint | null; last: bigint | null; oldestAt: Date | null }[]>`
    SELECT min(sequence) AS first, max(sequence) AS last,
      (SELECT created_at FROM event ORDER BY sequence LIMIT 1) AS "oldestAt" FROM event`;
  const count = row?.first == null || row.last === null ? 0 : Number(row.last - row.first) + 1;
  return { count, oldestAt: row?.oldestAt ?? null };
}

function parsed(row: RawEvent): EventRow {
  return { ...row, envelope: envelopeSchema.parse(row.envelope) };
}
