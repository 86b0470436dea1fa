import { type FormEvent, useId } from 'react';
import { useEventKinds, useEvents } from '../api/events.js';
import { Answered } from '../parts/answers.js';
import { Choice } from '../parts/choice.js';
import { EventTable } from '../parts/event-table.js';
import { EventTimeline } from '../parts/event-timeline.js';
import { LiveEvents } from '../parts/live-events.js';
import { Pager } from '../parts/pager.js';
import { go, useAddress, withParameters } from '../router.js';
import { text } from '../texts/events.js';

const FILTERS = ['stream', 'subject', 'about'] as const;
type Filter = Partial<Record<(typeof FILTERS)[number], string>>;

/** The log; one thing's path is a timeline, and with `live` it grows as things happen. */
export function EventsPage() {
  const { searchParams } = useAddress();
  const given = (names: readonly string[]) =>
    Object.fromEntries(
      names.flatMap((name) => {
        const value = searchParams.get(name);
        return value === null ? [] : [[name, value]];
      }),
    );
  const filter: Filter = given(FILTERS);
  const isLive = searchParams.get('live') === 'yes';
  return (
    <>
      <h1>{text.title}</h1>
      <p className="hint">{text.lead}</p>
      <Filters filter={filter} isLive={isLive} />
      {isLive ? (
        <LiveEvents key={JSON.stringify(filter)} filter={filter} />
      ) : (
        <Recorded filter={given([...FILTERS, 'cursor'])} />
      )}
    </>
  );
}

function Recorded({ filter }: { filter: Filter & { readonly cursor?: string } }) {
  const { about } = filter;
  const query = new URLSearchParams({ ...filter, order: about === undefined ? 'newest' : 'oldest' });
  const events = useEvents(query.toString());
  const words = about === undefined ? text : { older: text.onward, newest: text.start };
  return (
    <Answered answer={events} what={text.events}>
      {({ items, next }) => (
        <>
          {items.length === 0 && <p className="empty">{Object.keys(filter).length === 0 ? text.nothing : text.none}</p>}
          {about === undefined ? (
            items.length > 0 && <EventTable events={items} />
          ) : (
            <EventTimeline about={about} events={items} />
          )}
          <Pager next={next} words={words} />
        </>
      )}
    </Answered>
  );
}

function Filters({ filter, isLive }: { filter: Filter; isLive: boolean }) {
  const address = useAddress();
  const kinds = useEventKinds().data?.items ?? [];
  const choose = (name: string) => (value: string) => go(withParameters(address, { [name]: value }));
  const streams = [...new Set(kinds.map(({ stream }) => stream))];
  const id = useId();
  return (
    <div className="filters events">
      <Choice
        label={text.stream}
        value={filter.stream ?? ''}
        options={streams.map((name) => [name, name])}
        choose={choose('stream')}
      />
      <Choice
        label={text.kind}
        value={filter.subject ?? ''}
        options={kinds.map(({ subject }) => [subject, subject])}
        choose={choose('subject')}
      />
      <AboutField key={filter.about ?? ''} about={filter.about ?? ''} />
      <div className="choice">
        <label htmlFor={id}>{text.live}</label>
        <input id={id} type="checkbox" checked={isLive} onChange={() => choose('live')(isLive ? '' : 'yes')} />
      </div>
    </div>
  );
}

function AboutField({ about }: { about: string }) {
  const address = useAddress();
  const id = useId();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const value = new FormData(event.currentTarget).get('about');
    if (typeof value === 'string') go(withParameters(address, { about: value.trim() }));
  };
  return (
    <form className="choice" onSubmit={submit}>
      <label htmlFor={id}>{text.about}</label>
      <span className="acts">
        <input id={id} name="about" defaultValue={about} maxLength={200} size={38} />
        <button type="submit" className="quiet">
          {text.find}
        </button>
      </span>
    </form>
  );
}
