import type { Split, TaskPreview, View } from '@xvision/contracts';
import { text } from '../../texts/tasks.js';
import { count } from '../../words.js';
import { type DraftSplit, VIEWS } from './draft.js';

export function ViewFields({ views, change }: { views: readonly View[]; change: (views: readonly View[]) => void }) {
  return (
    <fieldset className="rule">
      <legend>{text.views}</legend>
      {VIEWS.map((view) => (
        <label key={view} className="check">
          <input
            type="checkbox"
            checked={views.includes(view)}
            onChange={({ target }) => change(target.checked ? [...views, view] : views.filter((one) => one !== view))}
          />{' '}
          {text.viewNames[view]}
        </label>
      ))}
    </fieldset>
  );
}

const KINDS: readonly Exclude<Split['kind'], 'seed'>[] = ['cross-validation', 'holdout'];

/** How images are dealt out to training and test: always by patient. */
export function SplitFields(props: {
  readonly split: DraftSplit;
  readonly change: (split: DraftSplit) => void;
  readonly preview: TaskPreview | undefined;
}) {
  const { split, change, preview } = props;
  const set = (part: Partial<DraftSplit>) => change({ ...split, ...part });
  return (
    <fieldset className="rule">
      <legend>{text.split}</legend>
      <label className="choice">
        <small>{text.splitKind}</small>
        <select
          value={split.kind}
          onChange={(event) => set({ kind: KINDS.find((kind) => kind === event.target.value) ?? split.kind })}
        >
          {KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {text.splitKinds[kind]}
            </option>
          ))}
        </select>
      </label>
      {split.kind === 'cross-validation' ? (
        <>
          <NumberField
            name={text.foldCount}
            value={split.folds}
            range={[2, 20, 1]}
            change={(folds) => set({ folds })}
          />
          <NumberField
            name={text.repeatCount}
            value={split.repeats}
            range={[1, 50, 1]}
            change={(repeats) => set({ repeats })}
          />
        </>
      ) : (
        <NumberField
          name={text.testShare}
          value={split.testFraction}
          range={[0.05, 0.95, 0.05]}
          change={(testFraction) => set({ testFraction })}
        />
      )}
      {preview !== undefined && <Dealt split={split} preview={preview} />}
    </fieldset>
  );
}

function NumberField(props: {
  readonly name: string;
  readonly value: string;
  readonly range: readonly [least: number, most: number, step: number];
  readonly change: (value: string) => void;
}) {
  const { name, value, range, change } = props;
  const [min, max, step] = range;
  return (
    <label className="choice">
      <small>{name}</small>
      <input
        type="number"
        min={min}
        max={max}
        step={step}
        required
        value={value}
        onChange={(event) => change(event.target.value)}
      />
    </label>
  );
}

/** What the split comes to on the images that are there now. */
function Dealt({ split, preview }: { split: DraftSplit; preview: TaskPreview }) {
  const images = preview.classes.reduce((sum, one) => sum + one.images, 0);
  const share = split.kind === 'cross-validation' ? 1 / Number(split.folds) : Number(split.testFraction);
  if (images === 0 || !(share > 0 && share < 1)) return null;
  const few = preview.classes.filter((one) => one.images * share < 1);
  return (
    <p className="hint">
      {text.dealt(count(Math.round(images * share)), count(images))}
      {few.map(({ name, images: n }) => (
        <span key={name} className="bad">
          {' '}
          {text.tooFew(name, count(n))}
        </span>
      ))}
    </p>
  );
}
