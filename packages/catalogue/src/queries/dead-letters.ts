import type { Database } from '../database.js';

export type DeadLetterState = 'open' | 'redriven' | 'discarded';

export interface NewDeadLetter {
  /** Made by whoever gave up, from consumer, place and message: the same whoever tells it. */
  readonly id: string;
  /** The durable consumer that gave up. */
  readonly consumer: string;
  readonly subject: string;
  readonly eventId?: string;
  readonly stream?: string;
  readonly streamSequence?: number;
  readonly reason: 'poison' | 'max-deliveries';
  readonly message: string;
  readonly deliveries: number;
  /** The message as the stream held it, when it was still there. */
  readonly body?: string;
}

export interface DeadLetterRow {
  readonly id: string;
  readonly consumer: string;
  readonly subject: string;
  readonly eventId: string | null;
  readonly stream: string | null;
  readonly streamSequence: bigint | null;
  readonly reason: NewDeadLetter['reason'];
  readonly message: string;
  readonly deliveries: number;
  readonly body: string | null;
  readonly state: DeadLetterState;
  /** Why a person re-drove or discarded it. */
  readonly resolution: string | null;
  readonly createdAt: Date;
  readonly resolvedAt: Date | null;
  /** The act that closed it. */
  readonly actId: string | null;
}

/** Told again, a dead letter stays as it was; resolves to false then. */
export async function recordDeadLetter(db: Database, letter: NewDeadLetter): Promise<boolean> {
  const { eventId = null, stream = null, streamSequence = null, body = null } = letter;
  const inserted = await db.prisma.$executeRaw`
    INSERT INTO dead_letter (id, consumer, subject, event_id, stream, stream_sequence, reason, message, deliveries, body)
    VALUES (${letter.id}::uuid, ${letter.consumer}, ${letter.subject}, ${eventId}, ${stream}, ${streamSequence}::bigint,
      ${letter.reason}, ${letter.message}, ${letter.deliveries}, ${body})
    ON CONFLICT (id) DO NOTHING`;
  return inserted === 1;
}

export interface DeadLetterFilter {
  readonly state?: DeadLetterState;
  readonly consumer?: string;
  readonly subject?: string;
}

export interface DeadLetterPage extends DeadLetterFilter {
  /** The id of the last row of the page before. */
  readonly before?: string;
  readonly limit?: number;
}

/** Newest first. */
export async function listDeadLetters(db: Database, page: DeadLetterPage = {}): Promise<DeadLetterRow[]> {
  const { before, limit = 50, ...filter } = page;
  const rows = await db.prisma.deadLetter.findMany({
    where: filter,
    ...(before === undefined ? {} : { cursor: { id: before }, skip: 1 }),
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: limit,
  });
  return rows as unknown as DeadLetterRow[];
}

export async function countDeadLetters(db: Database, state: DeadLetterState): Promise<number> {
  return await db.prisma.deadLetter.count({ where: { state } });
}

export async function findDeadLetter(db: Database, id: string): Promise<DeadLetterRow | undefined> {
  const row = await db.prisma.deadLetter.findUnique({ where: { id } });
  return (row ?? undefined) as DeadLetterRow | undefined;
}

export interface DeadLetterGroup {
  readonly consumer: string;
  readonly subject: string;
  readonly state: DeadLetterState;
  readonly letters: number;
  readonly lastAt: Date;
}

/** How many letters there are of each consumer, subject and state: what a filter can choose from. */
export async function countDeadLetterGroups(db: Database): Promise<DeadLetterGroup[]> {
  return await db.prisma.$queryRaw<DeadLetterGroup[]>`
    SELECT consumer, subject, state, count(*)::int AS letters, max(created_at) AS "lastAt"
    FROM dead_letter GROUP BY consumer, subject, state ORDER BY consumer, subject, state`;
}

/** How often consumers gave up on the same event, this letter included; 1 when its message is no event of ours. */
export async function countDeaths(db: Database, { eventId }: Pick<DeadLetterRow, 'eventId'>): Promise<number> {
  return eventId === null ? 1 : await db.prisma.deadLetter.count({ where: { eventId } });
}
