import type { RecordedEvent } from '@xvision/contracts';
import { Link } from '../router.js';
import { text } from '../texts/events.js';
import { exactMoment } from '../words.js';

export function EventTable({ events }: { events: readonly RecordedEvent[] }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{text.kind}</th>
          <th scope="col">{text.aboutShort}</th>
          <th scope="col">{text.source}</th>
          <th scope="col">{text.when}</th>
          <th scope="col">{text.place}</th>
        </tr>
      </thead>
      <tbody>
        {events.map((event) => (
          <Row key={event.event.id} recorded={event} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ recorded }: { recorded: RecordedEvent }) {
  const { event, stream, streamSequence, publishedAt } = recorded;
  return (
    <tr>
      <th scope="row">
        <Link href={`/events/${event.id}`}>{event.type}</Link>
      </th>
      <td>
        {event.subject !== undefined && (
          <Link href={`/events?about=${encodeURIComponent(event.subject)}`}>{event.subject}</Link>
        )}
      </td>
      <td>{event.source}</td>
      <td>
        <time dateTime={event.time}>{exactMoment(event.time)}</time>
      </td>
      <td>{publishedAt === null ? text.unpublished : `${stream ?? ''} ${streamSequence ?? ''}`}</td>
    </tr>
  );
}
