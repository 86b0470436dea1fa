import type { ReplayCapability } from '@xvision/contracts';
import { useReplayCapability } from '../api/replays.js';
import { Answered } from '../parts/answers.js';
import { text } from '../texts/replay.js';
import { count, moment } from '../words.js';

/** Shows what the API says that it can do; nothing can be started that is not there. */
export function ReplayPage() {
  const capability = useReplayCapability();
  return (
    <>
      <h1>{text.title}</h1>
      <p>{text.intro}</p>
      <Answered answer={capability} what={text.capability}>
        {(found) => <Replays capability={found} />}
      </Answered>
    </>
  );
}

function Replays({ capability }: { capability: ReplayCapability }) {
  const { available, reason, events } = capability;
  return (
    <>
      {reason !== null && (
        <p className="warning">
          <strong>{text.unavailable}.</strong> {reason}
        </p>
      )}
      <dl className="facts">
        <dt>{text.kept}</dt>
        <dd>
          {count(events.count)}, {events.oldestAt === null ? text.none : text.since(moment(events.oldestAt))}
        </dd>
      </dl>
      <section aria-labelledby="start">
        <h2 id="start">{text.start}</h2>
        <StartForm modes={capability.modes} available={available} />
      </section>
      {!available && (
        <section aria-labelledby="replays">
          <h2 id="replays">{text.replays}</h2>
          <p className="empty">{text.noReplays}</p>
        </section>
      )}
    </>
  );
}

function StartForm({ modes, available }: Pick<ReplayCapability, 'modes' | 'available'>) {
  return (
    <form className="form narrow">
      <fieldset className="modes" disabled={!available}>
        <legend>{text.mode}</legend>
        {modes.map(({ mode, description }, index) => (
          <label key={mode} className="mode">
            <input type="radio" name="mode" value={mode} defaultChecked={index === 0} />
            <span>
              <strong>{mode}</strong>: {description}
            </span>
          </label>
        ))}
      </fieldset>
      <label>
        {text.from}
        <input name="from" type="number" min="1" disabled={!available} />
      </label>
      <label>
        {text.to}
        <input name="to" type="number" min="1" disabled={!available} />
      </label>
      <div className="acts">
        <button type="submit" disabled={!available}>
          {text.go}
        </button>
      </div>
    </form>
  );
}
