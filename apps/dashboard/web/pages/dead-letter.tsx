import type { DeadLetterDetail } from '@xvision/contracts';
import type { ReactNode } from 'react';
import { useDeadLetter } from '../api/dead-letters.js';
import { useMayAct } from '../api/session.js';
import type { PageProps } from '../navigation.js';
import { ActOnLetters } from '../parts/act-on-letters.js';
import { Answered } from '../parts/answers.js';
import { JsonText } from '../parts/json-text.js';
import { Link } from '../router.js';
import { text } from '../texts/dead-letters.js';
import { moment } from '../words.js';

export function DeadLetterPage({ id }: PageProps) {
  const letter = useDeadLetter(id);
  return (
    <>
      <Link href="/dead-letters">{text.back}</Link>
      <Answered answer={letter} what={text.letter} title={text.id}>
        {(found) => <Letter letter={found} />}
      </Answered>
    </>
  );
}

function Letter({ letter }: { letter: DeadLetterDetail }) {
  const mayAct = useMayAct();
  const { id, message, state, event, body } = letter;
  return (
    <>
      <h1>{message}</h1>
      {state === 'open' && mayAct && (
        <div className="acts">
          {(['redrive', 'discard'] as const).map((act) => (
            <ActOnLetters key={act} act={act} label={text.act[act]} chosen={{ ids: [id] }} letters={1} />
          ))}
        </div>
      )}
      <Facts letter={letter} />
      {event !== null && (
        <section aria-labelledby="event">
          <h2 id="event">{text.data}</h2>
          <JsonText value={event.event} label={text.data} />
        </section>
      )}
      <section aria-labelledby="body">
        <h2 id="body">{text.body}</h2>
        {body === null ? <p className="empty">{text.noBody}</p> : <JsonText value={body} label={text.body} />}
      </section>
    </>
  );
}

function Facts({ letter }: { letter: DeadLetterDetail }) {
  const { id, consumer, subject, eventId, reason, deliveries, stream, streamSequence, deaths, createdAt } = letter;
  const about = letter.event?.event.subject;
  return (
    <dl className="facts">
      <dt>{text.id}</dt>
      <dd>{id}</dd>
      <dt>{text.consumer}</dt>
      <dd>{consumer}</dd>
      <dt>{text.why}</dt>
      <dd>
        {text.reasons[reason]}, {text.deliveries.toLowerCase()} {text.times(deliveries)}
      </dd>
      <dt>{text.when}</dt>
      <dd>
        <time dateTime={createdAt}>{moment(createdAt)}</time>
      </dd>
      <dt>{text.subject}</dt>
      <dd>
        <Link href={`/events?subject=${encodeURIComponent(subject)}`}>{subject}</Link>
      </dd>
      {eventId !== null && <Fact name={text.event}>{eventId}</Fact>}
      {about !== undefined && (
        <>
          <dt>{text.about}</dt>
          <dd>
            <Link href={`/events?about=${encodeURIComponent(about)}`}>{about}</Link>
          </dd>
        </>
      )}
      {stream !== null && (
        <Fact name={text.place}>
          {stream} {streamSequence}
        </Fact>
      )}
      <Fact name={text.deaths}>{text.times(deaths)}</Fact>
      <Closed letter={letter} />
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Closed({ letter: { state, act, resolution, resolvedAt } }: { letter: DeadLetterDetail }) {
  if (state === 'open') return <Fact name={text.state}>{text.states.open}</Fact>;
  return (
    <Fact name={text.resolution}>
      {act === null
        ? `${text.states[state]}: ${resolution ?? ''}`
        : text.resolved(text.acted[act.act], act.who, act.reason)}
      {resolvedAt !== null && <small className="message">{moment(resolvedAt)}</small>}
    </Fact>
  );
}
