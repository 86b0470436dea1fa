import type { ImageDetail } from '@xvision/contracts';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { text } from '../../texts/image.js';
import { DEFAULT, PRESETS, type Shown, useDrawing, ZOOM_STEP, zoomed } from './drawing.js';

const words = text.viewer;

/** The original with window and level, zoom and pan. */
export function Viewer({ image: { id, file, original } }: { image: ImageDetail }) {
  const address = `/api/images/${id}/original`;
  return (
    <section aria-labelledby="original" className="panel viewer">
      <h2 id="original">{words.title}</h2>
      {original.mediaType === 'application/dicom' ? (
        <p className="empty">{words.dicom}</p>
      ) : (
        <Picture address={address} file={file} />
      )}
      <a href={address} download>
        {words.fetch}
      </a>
    </section>
  );
}

function Picture({ address, file }: { address: string; file: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [shown, setShown] = useState<Shown>(DEFAULT);
  const state = useDrawing({ canvas, address, shown });
  useHand(canvas, setShown);
  if (state === 'failed') return <p className="failure">{words.failed}</p>;
  return (
    <>
      {state === 'loading' && <output className="empty">{words.loading}</output>}
      <div className="screen">
        <canvas ref={canvas} style={{ transform: `translate(${shown.x}px, ${shown.y}px) scale(${shown.zoom})` }}>
          {words.label(file)}
        </canvas>
      </div>
      <Controls shown={shown} change={setShown} />
      <p className="hint">{words.depth}</p>
    </>
  );
}

type Change = (next: (now: Shown) => Shown) => void;

function Controls({ shown, change }: { shown: Shown; change: Change }) {
  return (
    <>
      <div className="acts">
        <Slider name="level" least={0} shown={shown} change={change} />
        <Slider name="window" least={1} shown={shown} change={change} />
        {Object.entries(PRESETS).map(([name, { title, ...preset }]) => (
          <button key={name} type="button" className="quiet" onClick={() => change((now) => ({ ...now, ...preset }))}>
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

function Slider(props: {
  readonly name: 'level' | 'window';
  readonly least: number;
  readonly shown: Shown;
  readonly change: Change;
}) {
  const { name, least, shown, change } = props;
  return (
    <label className="slider">
      {words[name]}
      <input
        type="range"
        min={least}
        max="255"
        value={shown[name]}
        onChange={(event) => change((now) => ({ ...now, [name]: Number(event.target.value) }))}
      />
      <output>{shown[name]}</output>
    </label>
  );
}

/**
 * Dragging sets window (across) and level (down); with Shift or once zoomed in it moves the picture. The wheel zooms; React
 * would listen to it passively, and the page would scroll along. The buttons do all of it by keyboard.
 */
function useHand(canvas: RefObject<HTMLCanvasElement | null>, change: Change): void {
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const leaving = new AbortController();
    const { signal } = leaving;
    element.addEventListener('pointerdown', (event) => element.setPointerCapture(event.pointerId), { signal });
    element.addEventListener('pointermove', (event) => change((now) => afterDrag(now, event)), { signal });
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      change((now) => zoomed(now, event.deltaY < 0 ? ZOOM_STEP : 1 / ZOOM_STEP));
    };
    element.addEventListener('wheel', onWheel, { passive: false, signal });
    return () => leaving.abort();
  }, [canvas, change]);
}

function afterDrag(now: Shown, { buttons, shiftKey, movementX, movementY }: PointerEvent): Shown {
  if (buttons === 0) return now;
  if (shiftKey || now.zoom > 1) return { ...now, x: now.x + movementX, y: now.y + movementY };
  return { ...now, window: within(now.window + movementX, 1), level: within(now.level + movementY, 0) };
}

const within = (value: number, least: number) => Math.min(255, Math.max(least, Math.round(value)));
