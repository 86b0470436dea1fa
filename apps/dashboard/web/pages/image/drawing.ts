import { type RefObject, useEffect, useState } from 'react';
import { text } from '../../texts/image.js';

const { preset } = text.viewer;

/** How a picture is shown: grey values `level - window / 2` to `level + window / 2` from black to white. */
export interface Shown {
  readonly level: number;
  readonly window: number;
  readonly inverted: boolean;
  readonly zoom: number;
  readonly x: number;
  readonly y: number;
}

export const DEFAULT: Shown = { level: 128, window: 255, inverted: false, zoom: 1, x: 0, y: 0 };

export const PRESETS = {
  full: { title: preset.full, level: 128, window: 255 },
  lung: { title: preset.lung, level: 70, window: 140 },
  bone: { title: preset.bone, level: 185, window: 140 },
  narrow: { title: preset.narrow, level: 128, window: 80 },
} as const;

export const ZOOM_STEP = 1.25;
const MOST_ZOOM = 16;

export function zoomed(now: Shown, by: number): Shown {
  const zoom = Math.min(MOST_ZOOM, Math.max(1, now.zoom * by));
  return zoom === 1 ? { ...now, zoom, x: 0, y: 0 } : { ...now, zoom };
}

/** Longer sides are drawn smaller: window and level have to follow the hand. */
const MOST_SIDE = 2048;

type State = 'loading' | 'shown' | 'failed';

/** Draws a picture into a canvas, and anew whenever its window or level changes. */
export function useDrawing(options: {
  readonly canvas: RefObject<HTMLCanvasElement | null>;
  readonly address: string;
  readonly shown: Shown;
}): State {
  const { canvas, address, shown } = options;
  const { level, window: width, inverted } = shown;
  const [pixels, setPixels] = useState<ImageData | 'failed'>();
  useEffect(() => {
    const image = new Image();
    image.addEventListener('load', () => setPixels(pixelsOf(image) ?? 'failed'));
    image.addEventListener('error', () => setPixels('failed'));
    image.src = address;
    return () => {
      image.src = '';
    };
  }, [address]);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!(pixels instanceof ImageData) || context === null || context === undefined) return undefined;
    const waiting = requestAnimationFrame(() => draw(context, pixels, tableOf({ level, width, inverted })));
    return () => cancelAnimationFrame(waiting);
  }, [canvas, pixels, level, width, inverted]);
  return pixels === undefined ? 'loading' : pixels === 'failed' ? 'failed' : 'shown';
}

function pixelsOf(image: HTMLImageElement): ImageData | undefined {
  const scale = Math.min(1, MOST_SIDE / Math.max(image.naturalWidth, image.naturalHeight));
  const width = Math.max(1, Math.round(image.naturalWidth * scale));
  const height = Math.max(1, Math.round(image.naturalHeight * scale));
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (context === null) return undefined;
  context.drawImage(image, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}

/** What becomes of each of the 256 grey values. */
function tableOf(how: { level: number; width: number; inverted: boolean }): Uint8ClampedArray {
  const low = how.level - how.width / 2;
  return Uint8ClampedArray.from({ length: 256 }, (_, grey) => {
    const bright = ((grey - low) / how.width) * 255;
    return how.inverted ? 255 - Math.min(255, Math.max(0, bright)) : bright;
  });
}

function draw(context: CanvasRenderingContext2D, pixels: ImageData, table: Uint8ClampedArray): void {
  const { width, height, data } = pixels;
  if (context.canvas.width !== width || context.canvas.height !== height) {
    context.canvas.width = width;
    context.canvas.height = height;
  }
  const shown = new ImageData(width, height);
  for (let at = 0; at < data.length; at += 4) {
    shown.data[at] = table[data[at] ?? 0] ?? 0;
    shown.data[at + 1] = table[data[at + 1] ?? 0] ?? 0;
    shown.data[at + 2] = table[data[at + 2] ?? 0] ?? 0;
    shown.data[at + 3] = data[at + 3] ?? 255;
  }
  context.putImageData(shown, 0, 0);
}
