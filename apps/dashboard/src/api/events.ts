import {
  type Database,
  type EventRow,
  findEvent,
  listEvents,
  listEventsToFollow,
  listNewestEvents,
} from '@xvision/catalogue';
import { type EventKind, eventKindSchema, everyEvent, pageOf, recordedEventSchema } from '@xvision/contracts';
import { streamOf } from '@xvision/message-bus';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { ApiDependencies } from './dependencies.js';
import { eventShape } from './event-shape.js';
import { NotFoundError } from './failures.js';
import { numberPageQuery, page } from './page-query.js';
import { jsonRoute, type Route, streamRoute } from './route.js';
import { openEventStream } from './server-sent-events.js';

type Needs = Pick<ApiDependencies, 'catalogue' | 'events' | 'stopping'>;

const filters = {
  subject: z.string().min(1).max(200).optional().meta({ example: 'xv.image.collected.v1' }),
  about: z.string().min(1).max(200).optional().meta({ description: 'Id of an image, run, collection or model' }),
  stream: z.string().min(1).max(200).optional().meta({ example: 'XV_IMAGES', description: 'Published events only' }),
} as const;

const listQuery = z.strictObject({
  ...numberPageQuery,
  ...filters,
  order: z.enum(['oldest', 'newest']).default('newest'),
});
const streamQuery = z.strictObject({
  // Which stream takes an event is not known yet when it is told.
  subject: filters.subject,
  about: filters.about,
  after: z
    .string()
    .regex(/^\d{1,18}$/, 'a whole number')
    .optional()
    .meta({ description: 'Begin after this sequence, as Last-Event-ID does' }),
});

const KINDS: EventKind[] = everyEvent.map(({ subject, summary }) => ({ subject, summary, stream: streamOf(subject) }));

export function eventRoutes(needs: Needs): Route[] {
  return [
    jsonRoute({
      method: 'get',
      path: '/api/events',
      summary: 'Events, newest first unless asked otherwise',
      role: 'viewer',
      query: listQuery,
      result: pageOf(recordedEventSchema),
      handle: async ({ query }) => {
        const rows = await readPage(needs.catalogue, query);
        const found = page(rows, query.limit, (row) => String(row.sequence));
        return { body: { items: found.rows.map(eventShape), next: found.next } };
      },
    }),
    streamRoute({
      method: 'get',
      path: '/api/events/stream',
      summary:
        'Events as they happen; resumes after Last-Event-ID. After a resume an event may be told twice: its id says so',
      role: 'viewer',
      query: streamQuery,
      reply: { status: 200, description: 'Server-sent events', contentType: 'text/event-stream' },
      handle: async ({ query, request, response }) => {
        const after = /^\d{1,18}$/.exec(request.get('last-event-id') ?? query.after ?? '')?.[0];
        await streamEvents(needs, {
          query,
          request,
          response,
          ...(after === undefined ? {} : { after: BigInt(after) }),
        });
      },
    }),
    jsonRoute({
      method: 'get',
      path: '/api/events/kinds',
      summary: 'Every kind of event, what it says, and the stream that takes it',
      role: 'viewer',
      result: z.object({ items: z.array(eventKindSchema) }),
      handle: () => Promise.resolve({ body: { items: KINDS } }),
    }),
    jsonRoute({
      method: 'get',
      path: '/api/events/{id}',
      summary: 'An event with its data',
      role: 'viewer',
      params: z.object({ id: z.uuid() }),
      result: recordedEventSchema,
      handle: async ({ params: { id } }) => {
        const row = await findEvent(needs.catalogue, id);
        if (row === undefined) throw new NotFoundError(`there is no event ${id}`);
        return { body: eventShape(row) };
      },
    }),
  ];
}

async function readPage(db: Database, query: z.output<typeof listQuery>): Promise<EventRow[]> {
  const { cursor, subject, about, stream, order, limit } = query;
  const filter = {
    limit: limit + 1,
    ...(subject === undefined ? {} : { subject }),
    ...(about === undefined ? {} : { about }),
    ...(stream === undefined ? {} : { stream }),
  };
  if (order === 'oldest')
    return await listEvents(db, { ...filter, ...(cursor === undefined ? {} : { after: BigInt(cursor) }) });
  return await listNewestEvents(db, { ...filter, ...(cursor === undefined ? {} : { before: BigInt(cursor) }) });
}

interface Following {
  readonly query: z.output<typeof streamQuery>;
  readonly request: Request;
  readonly response: Response;
  readonly after?: bigint;
}

/** What is missed is read from the table while what is new is kept back, so that nothing falls between the two. */
async function streamEvents(needs: Needs, { query, request, response, after }: Following): Promise<void> {
  const { subject, about } = query;
  const wanted = ({ envelope }: EventRow): boolean =>
    (subject === undefined || envelope.type === subject) && (about === undefined || envelope.subject === about);
  const held: EventRow[] = [];
  let deliver = (row: EventRow): void => void held.push(row);
  const unfollow = await needs.events.follow((row) => deliver(row));
  const stream = openEventStream(request, response, needs.stopping);
  stream.closed.addEventListener('abort', unfollow);
  if (stream.closed.aborted) return unfollow();
  const send = (row: EventRow): void => {
    if (wanted(row)) stream.send({ id: String(row.sequence), data: eventShape(row) });
  };
  const missed =
    after === undefined ? new Set<string>() : await sendMissed(needs.catalogue, after, { send, closed: stream.closed });
  for (const row of held) if (!missed.has(row.envelope.id)) send(row);
  deliver = (row) => {
    if (!missed.has(row.envelope.id)) send(row);
  };
}

const CATCH_UP = 500;

async function sendMissed(
  db: Database,
  after: bigint,
  { send, closed }: { send: (row: EventRow) => void; closed: AbortSignal },
): Promise<Set<string>> {
  const sent = new Set<string>();
  let from = after;
  while (!closed.aborted) {
    const rows = (await listEventsToFollow(db, from, CATCH_UP)).filter((row) => !sent.has(row.envelope.id));
    for (const row of rows) {
      sent.add(row.envelope.id);
      if (row.sequence > from) from = row.sequence;
      send(row);
    }
    if (rows.length < CATCH_UP) break;
  }
  return sent;
}
