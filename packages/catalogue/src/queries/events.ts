import { type Envelope, envelopeSchema } from '@xvision/contracts';
import type { Database } from '../database.js';

export interface EventRow {
  /** The order of the outbox; use it as the cursor of a page. */
  readonly sequence: bigint;
  readonly envelope: Envelope;
  readonly publishedAt: Date | null;
  readonly stream: string | null;
  readonly streamSequence: bigint | null;
}

export interface EventPage {
  readonly after?: bigint;
  readonly subject?: string;
  /** The image, run, collection or model that the events are about. */
  readonly about?: string;
  /** The stream that the broker keeps them in; events that are not published yet have none. */
  readonly stream?: string;
  readonly limit?: number;
}

/** Oldest first. */
export async function listEvents(db: Database, page: EventPage = {}): Promise<EventRow[]> {
  const { after, subject, about, stream, limit = 100 } = page;
  const rows = await db.prisma.event.findMany({
    where: {
      ...(after === undefined ? {} : { sequence: { gt: after } }),
      ...(subject === undefined ? {} : { subject }),
      ...(about === undefined ? {} : { about }),
      ...(stream === undefined ? {} : { stream }),
    },
    orderBy: { sequence: 'asc' },
    take: limit,
  });
  return rows.map(eventRow);
}

function eventRow(row: Omit<EventRow, 'envelope'> & { readonly envelope: unknown }): EventRow {
  const { sequence, publishedAt, stream, streamSequence } = row;
  return { sequence, envelope: envelopeSchema.parse(row.envelope), publishedAt, stream, streamSequence };
}

/** Undefined when the text is no id of ours or no event has it. */
export async function findEvent(db: Database, id: string): Promise<EventRow | undefined> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return undefined;
  const row = await db.prisma.event.findUnique({ where: { id } });
  return row === null ? undefined : eventRow(row);
}
