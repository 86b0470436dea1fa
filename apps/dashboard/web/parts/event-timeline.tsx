import type { RecordedEvent } from '@xvision/contracts';
import { Link } from '../router.js';
import { text } from '../texts/events.js';
import { exactMoment, span } from '../words.js';
import { JsonText } from './json-text.js';

/** What happened to one image, run, collection or model: each step, who said so, and how long it took to come. */
export function EventTimeline({ about, events }: { about: string; events: readonly RecordedEvent[] }) {
  return (
    <section aria-labelledby="path">
      <h2 id="path">{text.path(about)}</h2>
      <p className="acts">
        <span>{text.pathLead}</span>
        <Link href={`/images/${about}`}>{text.asImage}</Link>
        <Link href={`/runs/${about}`}>{text.asRun}</Link>
      </p>
      <ol className="timeline">
        {events.map(({ event }, index) => (
          <li key={event.id}>
            <p className="step">
              <Link href={`/events/${event.id}`}>{event.type}</Link> <small>{event.source}</small>
            </p>
            <p className="hint">
              <time dateTime={event.time}>{exactMoment(event.time)}</time>{' '}
              {sinceBefore(event.time, events[index - 1]?.event.time)}
            </p>
            <details>
              <summary>{text.data}</summary>
              <JsonText value={event.data} label={text.data} />
            </details>
          </li>
        ))}
      </ol>
    </section>
  );
}

function sinceBefore(time: string, before: string | undefined): string {
  return before === undefined ? text.first : text.later(span(Date.parse(time) - Date.parse(before)));
}
