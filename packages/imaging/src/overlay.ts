import { colourOf } from './colour-map.js';
import { eightBitsOf } from './eight-bits.js';
import { encodeGrey } from './encode-grey.js';
import type { Radiograph } from './radiograph.js';

/** A square map, row-major, of values between 0 and 1: the share of colour between the dark and the bright end. */
export interface HeatMap {
  readonly side: number;
  readonly values: Float32Array;
}

/** Half and half keeps both the anatomy and the colour readable. */
const DEFAULT_OPACITY = 0.5;

/**
 * Lays a map over a radiograph and writes an RGB PNG of the radiograph's own size. The map covers the centre square
 * that the network saw; what was cropped away stays grey. Every cell of the map is drawn as a block: smoothing would
 * show a resolution that the map does not have. Throws RangeError when the map is not square or opacity not in 0-1.
 */
export async function overlay(
  image: Radiograph,
  map: HeatMap,
  { opacity = DEFAULT_OPACITY }: { opacity?: number } = {},
): Promise<Uint8Array> {
  if (map.values.length !== map.side ** 2)
    throw new RangeError(`${map.values.length} values are no map of ${map.side} x ${map.side}`);
  if (!(opacity >= 0 && opacity <= 1)) throw new RangeError(`opacity ${opacity} is not between 0 and 1`);
  const { width, height } = image;
  const rgb = inColour(image);
  const shortEdge = Math.min(width, height);
  const left = Math.floor((width - shortEdge) / 2);
  const top = Math.floor((height - shortEdge) / 2);
  const cells = Array.from({ length: shortEdge }, (_, pixel) => Math.floor((pixel * map.side) / shortEdge));
  const colours = Array.from(map.values, colourOf);
  for (const [y, row] of cells.entries()) {
    for (const [x, column] of cells.entries()) {
      const colour = colours[row * map.side + column];
      const start = ((top + y) * width + left + x) * 3;
      for (let channel = 0; channel < 3; channel++) {
        const below = rgb[start + channel] ?? 0;
        rgb[start + channel] = Math.round(below + ((colour?.[channel] ?? below) - below) * opacity);
      }
    }
  }
  return encodeGrey(rgb, { width, height });
}

function inColour(image: Radiograph): Uint8Array {
  const pixels = eightBitsOf(image);
  if (image.channels === 3) return pixels.slice();
  const rgb = new Uint8Array(pixels.length * 3);
  for (const [index, grey] of pixels.entries()) rgb.fill(grey, index * 3, index * 3 + 3);
  return rgb;
}
