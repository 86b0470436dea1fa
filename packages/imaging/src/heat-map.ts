import sharp from 'sharp';
import { type Colour, colourOf } from './colour-map.js';

/** A square map, row-major, of values between 0 and 1: the share of colour between the dark and the bright end. */
export interface HeatMap {
  readonly side: number;
  readonly values: Float32Array;
}

export interface HeatMapFrame {
  /** Of the radiograph, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Strike the map out with two red bars. */
  readonly crossed?: boolean;
}

interface ColouredPixel {
  readonly x: number;
  readonly y: number;
  readonly colour: Colour;
}

const RED: Colour = [220, 38, 38];

/** Width of a bar as a share of the square's side. */
const BAR = 0.02;

/**
 * Each pixel of the centre square that the network saw, with its colour: every cell is a block. Throws RangeError when the
 * map is not square.
 */
export function* colouredPixels(
  map: HeatMap,
  { width, height, crossed = false }: HeatMapFrame,
): Generator<ColouredPixel> {
  if (map.values.length !== map.side ** 2)
    throw new RangeError(`${map.values.length} values are no map of ${map.side} x ${map.side}`);
  const side = Math.min(width, height);
  const left = Math.floor((width - side) / 2);
  const top = Math.floor((height - side) / 2);
  const cells = Array.from({ length: side }, (_, pixel) => Math.floor((pixel * map.side) / side));
  const colours = Array.from(map.values, colourOf);
  const bar = Math.max(1, side * BAR);
  for (const [y, row] of cells.entries()) {
    for (const [x, column] of cells.entries()) {
      const struck = crossed && (Math.abs(x - y) < bar || Math.abs(x + y - side + 1) < bar);
      const colour = struck ? RED : colours[row * map.side + column];
      if (colour !== undefined) yield { x: left + x, y: top + y, colour };
    }
  }
}

/** The map alone as a PNG of the radiograph's size, transparent where the network saw nothing, to be laid over it by a page. */
export async function heatMapPicture(map: HeatMap, frame: HeatMapFrame): Promise<Uint8Array> {
  const { width, height } = frame;
  const rgba = new Uint8Array(width * height * 4);
  for (const { x, y, colour } of colouredPixels(map, frame)) rgba.set([...colour, 255], (y * width + x) * 4);
  const png = await sharp(rgba, { raw: { width, height, channels: 4 } })
    .png({ compressionLevel: 6 })
    .toBuffer();
  return new Uint8Array(png);
}
