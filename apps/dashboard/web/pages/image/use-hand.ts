import { type RefObject, useEffect } from 'react';
import { type Bounds, dragged, type Shown, ZOOM_STEP, zoomed } from './shown.js';

interface Hand {
  readonly change: (next: (now: Shown) => Shown) => void;
  readonly bounds: Bounds;
}

/**
 * Dragging sets window (across) and level (down); with Shift or once zoomed in it moves the picture. The wheel zooms; React
 * would listen to it passively, and the page would scroll along. The buttons do all of it by keyboard.
 */
export function useHand(canvas: RefObject<HTMLCanvasElement | null>, { change, bounds }: Hand): void {
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const leaving = new AbortController();
    const { signal } = leaving;
    element.addEventListener('pointerdown', (event) => element.setPointerCapture(event.pointerId), { signal });
    const onMove = (event: PointerEvent) => change((now) => afterDrag(now, event, bounds));
    element.addEventListener('pointermove', onMove, { signal });
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      change((now) => zoomed(now, event.deltaY < 0 ? ZOOM_STEP : 1 / ZOOM_STEP));
    };
    element.addEventListener('wheel', onWheel, { passive: false, signal });
    return () => leaving.abort();
  }, [canvas, change, bounds]);
}

function afterDrag(now: Shown, { buttons, shiftKey, movementX, movementY }: PointerEvent, bounds: Bounds): Shown {
  if (buttons === 0) return now;
  if (shiftKey || now.zoom > 1) return { ...now, x: now.x + movementX, y: now.y + movementY };
  return { ...now, window: dragged(now.window, { x: movementX, y: movementY }, bounds) };
}
