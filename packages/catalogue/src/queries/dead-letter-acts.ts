import { v7 as uuidv7 } from 'uuid';
import type { Database, Transaction } from '../database.js';
import type { DeadLetterFilter, DeadLetterState } from './dead-letters.js';
import { republishEvents } from './outbox.js';

export interface RefusedDeadLetter {
  readonly id: string;
  /** For a person: why not, and what to do instead. */
  readonly why: string;
}

export interface Resolved {
  readonly done: string[];
  readonly refused: RefusedDeadLetter[];
}

/** Which open letters: named one by one, or all that match. */
export type ChosenLetters =
  | { readonly ids: readonly string[] }
  | { readonly matching: Omit<DeadLetterFilter, 'state'>; readonly limit: number };

/** Kept with the letters: who reads them later wants to know. */
export interface Act {
  readonly who: string;
  readonly reason: string;
}

export interface DeadLetterActRow extends Act {
  readonly id: string;
  readonly act: 'redrive' | 'discard';
  readonly matching: unknown;
  /** How many letters it closed. */
  readonly letters: number;
  readonly createdAt: Date;
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
export async function redriveDeadLetters(tx: Transaction, chosen: ChosenLetters, act: Act): Promise<Resolved> {
  const { open, refused } = await lockLetters(tx, chosen);
  const lost = open.filter((letter) => letter.event === null);
  const done = open.filter((letter) => letter.event !== null);
  await republishEvents(
    tx,
    done.flatMap((letter) => letter.event ?? []),
  );
  await resolve(tx, done, { ...act, act: 'redrive', chosen });
  const why = 'its event is not in the catalogue (a message from elsewhere): it can only be discarded';
  return { done: done.map(({ id }) => id), refused: [...refused, ...lost.map(({ id }) => ({ id, why }))] };
}

/** Closes open dead letters without another try. */
export async function discardDeadLetters(tx: Transaction, chosen: ChosenLetters, act: Act): Promise<Resolved> {
  const { open, refused } = await lockLetters(tx, chosen);
  await resolve(tx, open, { ...act, act: 'discard', chosen });
  return { done: open.map(({ id }) => id), refused };
}

/** Newest first; `before` is the id of the last row of the page before. */
export async function listDeadLetterActs(
  db: Database,
  { before, limit }: { readonly before?: string; readonly limit: number },
): Promise<DeadLetterActRow[]> {
  const rows = await db.prisma.deadLetterAct.findMany({
    ...(before === undefined ? {} : { where: { id: { lt: before } } }),
    // The ids are UUIDs of version 7: their order is the order of time.
    orderBy: { id: 'desc' },
    take: limit,
  });
  return rows as unknown as DeadLetterActRow[];
}

export async function findDeadLetterAct(db: Database, id: string): Promise<DeadLetterActRow | undefined> {
  const row = await db.prisma.deadLetterAct.findUnique({ where: { id } });
  return (row ?? undefined) as DeadLetterActRow | undefined;
}

async function lockLetters(
  tx: Transaction,
  chosen: ChosenLetters,
): Promise<{ open: Letter[]; refused: RefusedDeadLetter[] }> {
  const ids = 'ids' in chosen ? chosen.ids : await openIds(tx, chosen);
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

async function openIds(
  tx: Transaction,
  { matching, limit }: Extract<ChosenLetters, { matching: unknown }>,
): Promise<string[]> {
  const rows = await tx.prisma.deadLetter.findMany({
    where: { ...matching, state: 'open' },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: limit,
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}

async function resolve(
  tx: Transaction,
  letters: readonly Letter[],
  { act, who, reason, chosen }: Act & { act: DeadLetterActRow['act']; chosen: ChosenLetters },
): Promise<void> {
  if (letters.length === 0) return;
  const ids = letters.map(({ id }) => id);
  const state = act === 'redrive' ? 'redriven' : 'discarded';
  const actId = uuidv7();
  const matching = 'ids' in chosen ? null : JSON.stringify(chosen.matching);
  await tx.prisma.$executeRaw`
    INSERT INTO dead_letter_act (id, act, who, reason, matching, letters)
    VALUES (${actId}::uuid, ${act}, ${who}, ${reason}, ${matching}::jsonb, ${ids.length})`;
  await tx.prisma.$executeRaw`
    UPDATE dead_letter SET state = ${state}, resolution = ${reason}, resolved_at = now(), act_id = ${actId}::uuid
    WHERE id = ANY (${ids}::uuid[])`;
}
