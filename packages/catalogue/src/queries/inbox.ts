import type { Database } from '../database.js';

/** Whether live work on this event is done: a long job asks before it starts, since the inbox row comes at its end. */
export async function hadEffect(
  db: Database,
  { consumer, eventId }: { readonly consumer: string; readonly eventId: string },
): Promise<boolean> {
  const [row] = await db.prisma.$queryRaw<{ done: boolean }[]>`
    SELECT EXISTS (SELECT FROM inbox WHERE consumer = ${consumer} AND event_id = ${eventId}::uuid
      AND replay_id = '00000000-0000-0000-0000-000000000000') AS done`;
  return row?.done === true;
}
