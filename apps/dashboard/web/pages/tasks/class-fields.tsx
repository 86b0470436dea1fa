import type { ClassRule } from '@xvision/contracts';
import { text } from '../../texts/tasks.js';
import { type DraftClass, moved, newClass } from './draft.js';

interface Editing {
  readonly classes: readonly DraftClass[];
  readonly change: (classes: readonly DraftClass[]) => void;
}

const KINDS: readonly ClassRule['kind'][] = ['mesh-contains', 'mesh-exactly', 'mesh-none-of', 'finding', 'label-only'];

/** Classes in the order of the model's outputs, each with its rule. */
export function ClassFields({ classes, change }: Editing) {
  const changeOne = (place: number, part: Partial<DraftClass>) =>
    change(classes.map((one, i) => (i === place ? { ...one, ...part } : one)));
  return (
    <>
      {classes.map((one, place) => (
        <fieldset key={one.key} className="rule">
          <legend>{text.classOf(place + 1, one.name, classes.length === 2 && place === 1)}</legend>
          <label className="choice">
            <small>{text.className}</small>
            <input value={one.name} onChange={(event) => changeOne(place, { name: event.target.value })} />
          </label>
          <RuleFields one={one} change={(part) => changeOne(place, part)} />
          <Order classes={classes} change={change} place={place} />
        </fieldset>
      ))}
      <button
        type="button"
        className="quiet"
        onClick={() =>
          change([
            ...classes,
            newClass(String(Math.max(...classes.map(({ key }) => Number.parseInt(key, 10)), -1) + 1)),
          ])
        }
      >
        {text.addClass}
      </button>
    </>
  );
}

function RuleFields({ one, change }: { one: DraftClass; change: (part: Partial<DraftClass>) => void }) {
  const { kind, words, is } = one;
  const chosen = (value: string) => KINDS.find((known) => known === value) ?? kind;
  return (
    <>
      <label className="choice">
        <small>{text.kind}</small>
        <select value={kind} onChange={(event) => change({ kind: chosen(event.target.value) })}>
          {KINDS.map((known) => (
            <option key={known} value={known}>
              {text.kinds[known]}
            </option>
          ))}
        </select>
      </label>
      {kind !== 'label-only' && (
        <label className="choice">
          <small>{kind === 'finding' ? text.finding : text.terms}</small>
          <input size={40} value={words} onChange={(event) => change({ words: event.target.value })} />
        </label>
      )}
      {kind === 'finding' && (
        <label className="choice">
          <small>{text.findingIs}</small>
          <select
            value={is}
            onChange={(event) => change({ is: event.target.value === 'absent' ? 'absent' : 'present' })}
          >
            <option value="present">{text.present}</option>
            <option value="absent">{text.absent}</option>
          </select>
        </label>
      )}
    </>
  );
}

function Order({ classes, change, place }: Editing & { place: number }) {
  const name = classes[place]?.name ?? '';
  return (
    <div className="order">
      <button
        type="button"
        className="quiet"
        aria-label={text.moveUp(name)}
        disabled={place === 0}
        onClick={() => change(moved(classes, place, -1))}
      >
        ↑
      </button>
      <button
        type="button"
        className="quiet"
        aria-label={text.moveDown(name)}
        disabled={place === classes.length - 1}
        onClick={() => change(moved(classes, place, 1))}
      >
        ↓
      </button>
      <button
        type="button"
        className="quiet"
        aria-label={text.removeClass(name)}
        onClick={() => change(classes.filter((_one, i) => i !== place))}
      >
        {text.remove}
      </button>
    </div>
  );
}
