import type { RawMap } from '../open-mapper.js';

/** A round finding in pixels of the square that the network sees, from its upper left corner. */
export interface Lesion {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** JSRT gives positions in its own 2048 x 2048 originals of 0.175 mm pixels (Shiraishi 2000, AJR 174:71). */
const JSRT_SIDE = 2048;
const JSRT_PIXEL_MM = 0.175;

interface Circle {
  /** As shares of the image's width and height. */
  readonly x: number;
  readonly y: number;
  /** As a share of the width. */
  readonly radius: number;
}

function numbersOf(attributes: Readonly<Record<string, string>>, names: readonly string[]): number[] | undefined {
  const numbers = names.map((name) => Number(attributes[name] ?? Number.NaN));
  return numbers.every((value) => Number.isFinite(value) && value > 0) ? numbers : undefined;
}

/** A pixel's number names its upper left corner; its middle is half a pixel further. */
function circleOf(attributes: Readonly<Record<string, string>>, width: number, height: number): Circle | undefined {
  const jsrt = numbersOf(attributes, ['x2048', 'y2048', 'size_mm']);
  if (jsrt !== undefined) {
    const [x = 0, y = 0, millimetres = 0] = jsrt;
    return {
      x: (x + 0.5) / JSRT_SIDE,
      y: (y + 0.5) / JSRT_SIDE,
      radius: millimetres / 2 / JSRT_PIXEL_MM / JSRT_SIDE,
    };
  }
  const own = numbersOf(attributes, ['lesion_x', 'lesion_y', 'lesion_diameter']);
  if (own === undefined) return undefined;
  const [x = 0, y = 0, diameter = 0] = own;
  return { x: (x + 0.5) / width, y: (y + 0.5) / height, radius: diameter / 2 / width };
}

/**
 * Where a finding lies in the network input, from the columns that came with the image: `x2048`, `y2048`, `size_mm` of
 * JSRT, or `lesion_x`, `lesion_y`, `lesion_diameter` in pixels of the original. `width` and `height`: of the original, whose
 * centre square the network sees. Undefined where the columns say nothing, or the middle lies outside that square.
 */
export function lesionOf(
  attributes: Readonly<Record<string, string>>,
  { width, height, side }: { readonly width: number; readonly height: number; readonly side: number },
): Lesion | undefined {
  const circle = circleOf(attributes, width, height);
  if (circle === undefined) return undefined;
  const square = Math.min(width, height);
  const scale = side / square;
  const x = (circle.x * width - Math.floor((width - square) / 2)) * scale;
  const y = (circle.y * height - Math.floor((height - square) / 2)) * scale;
  if (x < 0 || y < 0 || x >= side || y >= side) return undefined;
  return { x, y, radius: circle.radius * width * scale };
}

/** Whether a map cell, a block of the input, has a point in the lesion. */
function touches(
  { x, y, radius }: Lesion,
  cell: number,
  { side, inputSide }: { side: number; inputSide: number },
): boolean {
  const block = inputSide / side;
  const [left, top] = [(cell % side) * block, Math.floor(cell / side) * block];
  const nearestX = Math.min(Math.max(x, left), left + block);
  const nearestY = Math.min(Math.max(y, top), top + block);
  return Math.hypot(x - nearestX, y - nearestY) <= radius;
}

/** Whether the map's largest value lies in the lesion (Zhang 2016, arXiv 1608.00507). False for a map without a rise. */
export function pointsAt({ side, values }: RawMap, lesion: Lesion, inputSide: number): boolean {
  let best = 0;
  for (const [cell, value] of values.entries()) if (value > (values[best] ?? 0)) best = cell;
  return (values[best] ?? 0) > 0 && touches(lesion, best, { side, inputSide });
}

/** The share of what speaks for the class that lies in the cells of the lesion. 0 for a map without a rise. */
export function energyIn({ side, values }: RawMap, lesion: Lesion, inputSide: number): number {
  let [inside, all] = [0, 0];
  for (const [cell, value] of values.entries()) {
    if (value <= 0) continue;
    all += value;
    if (touches(lesion, cell, { side, inputSide })) inside += value;
  }
  return all === 0 ? 0 : inside / all;
}
