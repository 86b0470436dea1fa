import {
  countDeaths,
  type Database,
  type DeadLetterActRow,
  type DeadLetterRow,
  findDeadLetter,
  findDeadLetterAct,
  findEvent,
} from '@xvision/catalogue';
import { type DeadLetter, type DeadLetterAct, type DeadLetterDetail, deadLetterActSchema } from '@xvision/contracts';
import { eventShape } from './event-shape.js';
import { NotFoundError } from './failures.js';

export function deadLetterShape(row: DeadLetterRow): DeadLetter {
  const { id, consumer, subject, eventId, reason, message, deliveries, state, resolution } = row;
  return {
    id,
    consumer,
    subject,
    eventId,
    reason,
    message,
    deliveries,
    state,
    resolution,
    createdAt: row.createdAt.toISOString(),
    resolvedAt: row.resolvedAt?.toISOString() ?? null,
  };
}

export function actShape({ id, act, who, reason, matching, letters, createdAt }: DeadLetterActRow): DeadLetterAct {
  const filter = deadLetterActSchema.shape.matching.parse(matching);
  return { id, act, who, reason, matching: filter, letters, createdAt: createdAt.toISOString() };
}

/** Throws {@link NotFoundError}. */
export async function deadLetterOf(db: Database, id: string): Promise<DeadLetterDetail> {
  const row = await findDeadLetter(db, id);
  if (row === undefined) throw new NotFoundError(`there is no dead letter ${id}`);
  const [event, act, deaths] = await Promise.all([
    row.eventId === null ? undefined : findEvent(db, row.eventId),
    row.actId === null ? undefined : findDeadLetterAct(db, row.actId),
    countDeaths(db, row),
  ]);
  return {
    ...deadLetterShape(row),
    stream: row.stream,
    streamSequence: row.streamSequence === null ? null : String(row.streamSequence),
    body: row.body,
    event: event === undefined ? null : eventShape(event),
    deaths,
    act: act === undefined ? null : actShape(act),
  };
}
