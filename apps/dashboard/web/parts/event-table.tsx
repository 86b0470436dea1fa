import type { RecordedEvent } from '@xvision/contracts';
import { Link } from '../router.js';
import { text } from '../texts/events.js';
import { exactMoment, shortId } from '../words.js';
import { type DataColumn, DataTable } from './data-table.js';

/** In the order of the log: a page of it sorted otherwise would tell another story. */
const COLUMNS: readonly DataColumn<RecordedEvent>[] = [
  {
    name: text.kind,
    cell: ({ event }) => (
      <Link href={`/events/${event.id}`}>
        <span className="whole">{event.type}</span>
      </Link>
    ),
  },
  { name: text.aboutShort, cell: ({ event }) => <About subject={event.subject} /> },
  { name: text.source, cell: ({ event }) => <span className="whole">{event.source}</span> },
  { name: text.when, cell: ({ event }) => <time dateTime={event.time}>{exactMoment(event.time)}</time> },
  { name: text.place, cell: placeOf },
];

export function EventTable({ events }: { events: readonly RecordedEvent[] }) {
  return <DataTable columns={COLUMNS} items={events} keyOf={({ event }) => event.id} />;
}

function About({ subject }: { subject: string | undefined }) {
  if (subject === undefined) return null;
  return (
    <Link href={`/events?about=${encodeURIComponent(subject)}`} title={subject}>
      {shortId(subject)}
    </Link>
  );
}

function placeOf({ publishedAt, stream, streamSequence }: RecordedEvent): string {
  return publishedAt === null ? text.unpublished : `${stream ?? ''} ${streamSequence ?? ''}`;
}
