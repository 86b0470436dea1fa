import type { RecordedEvent } from '@xvision/contracts';
import { Link } from '../router.js';
import { text } from '../texts/events.js';
import { exactMoment, span } from '../words.js';
import { type Step, stepsOf } from './event-steps.js';
import { JsonText } from './json-text.js';

/** What happened to one image, run, collection or model: each step, who said so, and how long it took to come. */
export function EventTimeline({ about, events }: { about: string; events: readonly RecordedEvent[] }) {
  const steps = stepsOf(events);
  return (
    <section aria-labelledby="path">
      <h2 id="path">{text.path(about)}</h2>
      <p className="acts">
        <span>{text.pathLead}</span>
        <Link href={`/images/${about}`}>{text.asImage}</Link>
        <Link href={`/runs/${about}`}>{text.asRun}</Link>
      </p>
      <ol className="timeline">
        {steps.map((step, index) => (
          <li key={step[0].event.id}>
            <StepView step={step} before={steps[index - 1]?.at(-1)?.event.time} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function StepView({ step, before }: { step: Step; before: string | undefined }) {
  const [{ event }, ...more] = step;
  const last = more.at(-1)?.event;
  return (
    <>
      <p className="step">
        <Link href={`/events/${event.id}`}>{event.type}</Link> <small>{event.source}</small>
        {last !== undefined && ` ${text.times(step.length, span(Date.parse(last.time) - Date.parse(event.time)))}`}
      </p>
      <p className="hint">
        <time dateTime={event.time}>{exactMoment(event.time)}</time> {sinceBefore(event.time, before)}
      </p>
      {last === undefined ? (
        <details>
          <summary>{text.data}</summary>
          <JsonText value={event.data} label={text.data} />
        </details>
      ) : (
        <details>
          <summary>{text.each}</summary>
          <ol className="scores">
            {step.map((one) => (
              <li key={one.event.id}>
                <Link href={`/events/${one.event.id}`}>{exactMoment(one.event.time)}</Link>
              </li>
            ))}
          </ol>
        </details>
      )}
    </>
  );
}

function sinceBefore(time: string, before: string | undefined): string {
  return before === undefined ? text.first : text.later(span(Date.parse(time) - Date.parse(before)));
}
