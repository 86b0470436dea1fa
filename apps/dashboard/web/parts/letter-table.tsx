import type { DeadLetter } from '@xvision/contracts';
import { Link } from '../router.js';
import { text } from '../texts/dead-letters.js';
import { count, moment } from '../words.js';
import { Wide } from './wide.js';

interface LetterChoice {
  readonly chosen: ReadonlySet<string>;
  readonly choose: (chosen: ReadonlySet<string>) => void;
}

/** One page of dead letters; with a choice, the open ones can be chosen. */
export function LetterTable({ letters, choice }: { letters: readonly DeadLetter[]; choice?: LetterChoice }) {
  return (
    <Wide>
      <table>
        <caption>{text.caption(count(letters.length))}</caption>
        <thead>
          <tr>
            {choice !== undefined && <ChooseAll letters={letters} choice={choice} />}
            <th scope="col">{text.error}</th>
            <th scope="col">{text.why}</th>
            <th scope="col">{text.consumer}</th>
            <th scope="col">{text.subject}</th>
            <th scope="col">{text.deliveries}</th>
            <th scope="col">{text.state}</th>
            <th scope="col">{text.when}</th>
          </tr>
        </thead>
        <tbody>
          {letters.map((letter) => (
            <Row key={letter.id} letter={letter} {...(choice === undefined ? {} : { choice })} />
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

function ChooseAll({ letters, choice }: { letters: readonly DeadLetter[]; choice: LetterChoice }) {
  const open = letters.filter(({ state }) => state === 'open').map(({ id }) => id);
  const all = open.length > 0 && open.every((id) => choice.chosen.has(id));
  return (
    <td>
      <input
        type="checkbox"
        aria-label={text.chooseAll}
        checked={all}
        disabled={open.length === 0}
        onChange={() => choice.choose(new Set(all ? [] : open))}
      />
    </td>
  );
}

function Row({ letter, choice }: { letter: DeadLetter; choice?: LetterChoice }) {
  const { id, consumer, subject, reason, message, deliveries, state, resolution, createdAt } = letter;
  return (
    <tr>
      {choice !== undefined && <td>{state === 'open' && <Choose letter={letter} choice={choice} />}</td>}
      <th scope="row">
        <Link href={`/dead-letters/${id}`}>{message}</Link>
      </th>
      <td>{text.reasons[reason]}</td>
      <td>{consumer}</td>
      <td>{subject}</td>
      <td>{text.times(deliveries)}</td>
      <td>
        {text.states[state]}
        {resolution !== null && <small className="message">{resolution}</small>}
      </td>
      <td>
        <time dateTime={createdAt}>{moment(createdAt)}</time>
      </td>
    </tr>
  );
}

function Choose({ letter: { id, message }, choice }: { letter: DeadLetter; choice: LetterChoice }) {
  const change = () => {
    const next = new Set(choice.chosen);
    if (!next.delete(id)) next.add(id);
    choice.choose(next);
  };
  return <input type="checkbox" aria-label={text.choose(message)} checked={choice.chosen.has(id)} onChange={change} />;
}
