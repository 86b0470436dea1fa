import type { RecordedEvent } from '@xvision/contracts';
import { useEvent, useEventKinds } from '../api/events.js';
import type { PageProps } from '../navigation.js';
import { Answered } from '../parts/answers.js';
import { JsonText } from '../parts/json-text.js';
import { Link } from '../router.js';
import { text } from '../texts/events.js';
import { exactMoment } from '../words.js';

export function EventPage({ id }: PageProps) {
  const event = useEvent(id);
  return (
    <>
      <Link href="/events">{text.back}</Link>
      <Answered answer={event} what={text.event} title={text.oneTitle}>
        {(found) => <EventView recorded={found} />}
      </Answered>
    </>
  );
}

function EventView({ recorded }: { recorded: RecordedEvent }) {
  const { event, sequence, publishedAt, stream, streamSequence } = recorded;
  const kind = useEventKinds().data?.items.find((one) => one.subject === event.type);
  return (
    <>
      <h1>{event.type}</h1>
      {kind !== undefined && <p className="hint">{kind.summary}</p>}
      <dl className="facts">
        <dt>{text.id}</dt>
        <dd>{event.id}</dd>
        <dt>{text.source}</dt>
        <dd>{event.source}</dd>
        <dt>{text.when}</dt>
        <dd>
          <time dateTime={event.time}>{exactMoment(event.time)}</time>
        </dd>
        {event.subject !== undefined && (
          <>
            <dt>{text.aboutShort}</dt>
            <dd>
              <Link href={`/events?about=${encodeURIComponent(event.subject)}`}>{event.subject}</Link>
            </dd>
          </>
        )}
        <dt>{text.sequence}</dt>
        <dd>{sequence}</dd>
        <dt>{text.place}</dt>
        <dd>{publishedAt === null ? text.unpublished : `${stream ?? ''} ${streamSequence ?? ''}`}</dd>
        {event.traceparent !== undefined && (
          <>
            <dt>{text.trace}</dt>
            <dd>{event.traceparent}</dd>
          </>
        )}
      </dl>
      <section aria-labelledby="data">
        <h2 id="data">{text.data}</h2>
        <JsonText value={event.data} label={text.data} />
      </section>
    </>
  );
}
