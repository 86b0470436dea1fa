import { type RefObject, useEffect, useMemo } from 'react';
import type { Grey } from '../../api/grey-values.js';
import { type Shown, tableOf } from './shown.js';

/** Longer sides are drawn smaller: window and level have to follow the hand. */
const MOST_SIDE = 2048;

/** How many values of a row and of a column one drawn pixel stands for. */
export const strideOf = ({ width, height }: { width: number; height: number }): number =>
  Math.ceil(Math.max(width, height) / MOST_SIDE);

/** Draws a picture into a canvas, and anew whenever its window changes: one look-up a pixel, at the depth of the file. */
export function useDrawing(options: {
  readonly canvas: RefObject<HTMLCanvasElement | null>;
  readonly grey: Grey;
  readonly shown: Pick<Shown, 'window' | 'inverted'>;
}): void {
  const { canvas, grey, shown } = options;
  const { window: grid, inverted } = shown;
  const picture = useMemo(() => emptyPicture(grey), [grey]);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (context === null || context === undefined) return undefined;
    const waiting = requestAnimationFrame(() => {
      fill(picture, grey, tableOf(grey.about, { window: grid, inverted }));
      show(context, picture);
    });
    return () => cancelAnimationFrame(waiting);
  }, [canvas, grey, picture, grid, inverted]);
}

function emptyPicture({ about }: Grey): ImageData {
  const stride = strideOf(about);
  return new ImageData(Math.ceil(about.width / stride), Math.ceil(about.height / stride));
}

function fill(picture: ImageData, { about, values }: Grey, table: Uint8ClampedArray): void {
  const { width, samples } = about;
  const stride = strideOf(about);
  const last = table.length - 1;
  const { data } = picture;
  const [green, blue] = samples === 3 ? [1, 2] : [0, 0];
  let to = 0;
  for (let row = 0; row < picture.height; row++) {
    let from = row * stride * width * samples;
    for (let column = 0; column < picture.width; column++) {
      data[to] = table[(values[from] ?? 0) & last] ?? 0;
      data[to + 1] = table[(values[from + green] ?? 0) & last] ?? 0;
      data[to + 2] = table[(values[from + blue] ?? 0) & last] ?? 0;
      data[to + 3] = 255;
      from += stride * samples;
      to += 4;
    }
  }
}

function show(context: CanvasRenderingContext2D, picture: ImageData): void {
  const { canvas } = context;
  if (canvas.width !== picture.width || canvas.height !== picture.height) {
    canvas.width = picture.width;
    canvas.height = picture.height;
  }
  context.putImageData(picture, 0, 0);
}
