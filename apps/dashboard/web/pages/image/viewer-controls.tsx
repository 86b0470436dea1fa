import type { GreyValues } from '@xvision/contracts';
import { text } from '../../texts/image.js';
import { type Bounds, presetsOf, type Shown, within, ZOOM_STEP, zoomed } from './shown.js';

const words = text.viewer;

export type Change = (next: (now: Shown) => Shown) => void;

interface Controlled {
  readonly bounds: Bounds;
  readonly shown: Shown;
  readonly change: Change;
}

/** All that a hand does on the picture, by keyboard. */
export function ViewerControls({ about, ...controlled }: Controlled & { readonly about: GreyValues }) {
  const { shown, change } = controlled;
  return (
    <>
      <div className="acts">
        <Dial name="level" part="centre" {...controlled} />
        <Dial name="window" part="width" {...controlled} />
        {presetsOf(about).map(({ title, window }) => (
          <button
            key={title}
            type="button"
            className="quiet"
            aria-pressed={window.centre === shown.window.centre && window.width === shown.window.width}
            onClick={() => change((now) => ({ ...now, window }))}
          >
            {title}
          </button>
        ))}
        <button
          type="button"
          className="quiet"
          aria-pressed={shown.inverted}
          onClick={() => change((now) => ({ ...now, inverted: !now.inverted }))}
        >
          {words.invert}
        </button>
      </div>
      <div className="acts">
        {MOVES.map(([name, move]) => (
          <button key={name} type="button" className="quiet" aria-label={words.move[name]} onClick={() => change(move)}>
            {words.sign[name]}
          </button>
        ))}
      </div>
    </>
  );
}

const PAN = 24;
const MOVES: readonly (readonly [name: keyof typeof words.move, move: (now: Shown) => Shown])[] = [
  ['in', (now) => zoomed(now, ZOOM_STEP)],
  ['out', (now) => zoomed(now, 1 / ZOOM_STEP)],
  ['left', (now) => ({ ...now, x: now.x + PAN })],
  ['right', (now) => ({ ...now, x: now.x - PAN })],
  ['up', (now) => ({ ...now, y: now.y + PAN })],
  ['down', (now) => ({ ...now, y: now.y - PAN })],
  ['fit', (now) => ({ ...now, zoom: 1, x: 0, y: 0 })],
];

/** A slider over everything, and a field for one value: a slider of some hundred pixels cannot hit one of 65,536. */
function Dial(props: Controlled & { readonly name: 'level' | 'window'; readonly part: 'centre' | 'width' }) {
  const { name, part, bounds, shown, change } = props;
  const { low, high, least } = bounds;
  const [min, max] = part === 'centre' ? [low, high] : [least, Math.max(least, high - low)];
  const value = Math.round(shown.window[part]);
  const set = (typed: string) => {
    const next = Number(typed);
    if (typed === '' || !Number.isFinite(next)) return;
    change((now) => ({ ...now, window: within({ ...now.window, [part]: next }, bounds) }));
  };
  return (
    <span className="slider">
      <label>
        {words[name]}{' '}
        <input type="range" min={min} max={max} value={value} onChange={(event) => set(event.target.value)} />
      </label>
      <input
        type="number"
        aria-label={words.exactly[name]}
        min={min}
        max={max}
        value={value}
        onChange={(event) => set(event.target.value)}
      />
    </span>
  );
}
