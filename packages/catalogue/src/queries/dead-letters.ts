import type { Database, Transaction } from '../database.js';

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

export interface DeadLetterPage {
  readonly state?: DeadLetterState;
  /** The id of the last row of the page before. */
  readonly before?: string;
  readonly limit?: number;
}

/** Newest first. */
export async function listDeadLetters(db: Database, page: DeadLetterPage = {}): Promise<DeadLetterRow[]> {
  const { state, before, limit = 50 } = page;
  const rows = await db.prisma.deadLetter.findMany({
    ...(state === undefined ? {} : { where: { state } }),
    ...(before === undefined ? {} : { cursor: { id: before }, skip: 1 }),
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: limit,
  });
  return rows as unknown as DeadLetterRow[];
}

export async function countDeadLetters(db: Database, state: DeadLetterState): Promise<number> {
  return await db.prisma.deadLetter.count({ where: { state } });
}

export interface RefusedDeadLetter {
  readonly id: string;
  /** For a person: why not, and what to do instead. */
  readonly why: string;
}

export interface Resolved {
  readonly done: string[];
  readonly refused: RefusedDeadLetter[];
}

interface Letter {
  id: string;
  state: DeadLetterState;
  event: string | null;
}

/**
 * Has the events of open dead letters published once more, under their own event ids: the consumer that gave up has no
 * inbox row and runs again, every other consumer that had its effect skips the event.
 * The broker would drop the same message id for two minutes, so the id of the message counts the re-drives (decision 0022).
 */
export async function redriveDeadLetters(
  tx: Transaction,
  ids: readonly string[],
  resolution = 'redriven',
): Promise<Resolved> {
  const { open, refused } = await lockLetters(tx, ids);
  const lost = open.filter((letter) => letter.event === null);
  const done = open.filter((letter) => letter.event !== null);
  await republishEvents(
    tx,
    done.flatMap((letter) => letter.event ?? []),
  );
  await resolve(tx, done, { state: 'redriven', resolution });
  const why = 'its event is not in the catalogue (a message from elsewhere): it can only be discarded';
  return { done: done.map(({ id }) => id), refused: [...refused, ...lost.map(({ id }) => ({ id, why }))] };
}

/** Closes open dead letters without another try. */
export async function discardDeadLetters(
  tx: Transaction,
  ids: readonly string[],
  resolution = 'discarded',
): Promise<Resolved> {
  const { open, refused } = await lockLetters(tx, ids);
  await resolve(tx, open, { state: 'discarded', resolution });
  return { done: open.map(({ id }) => id), refused };
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

async function lockLetters(
  tx: Transaction,
  ids: readonly string[],
): Promise<{ open: Letter[]; refused: RefusedDeadLetter[] }> {
  const letters = await tx.prisma.$queryRaw<Letter[]>`
    SELECT letter.id, letter.state, event.id::text AS event
    FROM dead_letter AS letter LEFT JOIN event
      ON event.id = CASE WHEN letter.event_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN letter.event_id::uuid END
    WHERE letter.id = ANY (${[...ids]}::uuid[]) ORDER BY letter.id FOR UPDATE OF letter`;
  const known = new Map(letters.map((letter) => [letter.id, letter]));
  const refused = ids.flatMap((id) => {
    const letter = known.get(id);
    if (letter === undefined) return [{ id, why: 'there is no dead letter of this id' }];
    return letter.state === 'open' ? [] : [{ id, why: `it is ${letter.state} already` }];
  });
  return { open: letters.filter((letter) => letter.state === 'open'), refused };
}

async function resolve(
  tx: Transaction,
  letters: readonly Letter[],
  { state, resolution }: { state: DeadLetterState; resolution: string },
): Promise<void> {
  const ids = letters.map(({ id }) => id);
  await tx.prisma.$executeRaw`
    UPDATE dead_letter SET state = ${state}, resolution = ${resolution}, resolved_at = now()
    WHERE id = ANY (${ids}::uuid[])`;
}
