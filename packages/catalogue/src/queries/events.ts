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
  readonly limit?: number;
}

/** Oldest first. */
export async function listEvents(db: Database, page: EventPage = {}): Promise<EventRow[]> {
  const { after, subject, about, limit = 100 } = page;
  const rows = await db.prisma.event.findMany({
    where: {
      ...(after === undefined ? {} : { sequence: { gt: after } }),
      ...(subject === undefined ? {} : { subject }),
      ...(about === undefined ? {} : { about }),
    },
    orderBy: { sequence: 'asc' },
    take: limit,
  });
  return rows.map(({ sequence, envelope, publishedAt, stream, streamSequence }) => ({
    sequence,
    envelope: envelopeSchema.parse(envelope) as Envelope,
    publishedAt,
    stream,
    streamSequence,
  }));
}
