import { useImageEvents } from '../../api/images.js';
import { Answered } from '../../parts/answers.js';
import { Link } from '../../router.js';
import { text } from '../../texts/image.js';
import { exactMoment } from '../../words.js';

const words = text.events;

/** Oldest first: the way of the image through the services. */
export function Events({ id }: { id: string }) {
  const events = useImageEvents(id);
  return (
    <section aria-labelledby="events">
      <h2 id="events">{words.title}</h2>
      <Answered answer={events} what={words.theEvents}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="empty">{words.none}</p>
          ) : (
            <ol className="scores">
              {items.toReversed().map(({ sequence, event }) => (
                <li key={sequence}>
                  <code>{event.type}</code> <time dateTime={event.time}>{exactMoment(event.time)}</time>
                </li>
              ))}
            </ol>
          )
        }
      </Answered>
      <Link href={`/events?about=${id}`}>{words.all}</Link>
    </section>
  );
}
