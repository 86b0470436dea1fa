import { eightBitsOf } from './eight-bits.js';
import { encodeGrey } from './encode-grey.js';
import { colouredPixels, type HeatMap } from './heat-map.js';
import type { Radiograph } from './radiograph.js';

/** Half and half keeps both the anatomy and the colour readable. */
const DEFAULT_OPACITY = 0.5;

/**
 * Lays a map over a radiograph and writes an RGB PNG of the radiograph's own size. The map covers the centre square
 * that the network saw; what was cropped away stays grey. Every cell of the map is drawn as a block: smoothing would
 * show a resolution that the map does not have. `crossed`: two red bars, so that the picture itself says that it is no evidence,
 * wherever it goes. Throws RangeError when the map is not square or opacity not in 0-1.
 */
export async function overlay(
  image: Radiograph,
  map: HeatMap,
  { opacity = DEFAULT_OPACITY, crossed = false }: { opacity?: number; crossed?: boolean } = {},
): Promise<Uint8Array> {
  if (!(opacity >= 0 && opacity <= 1)) throw new RangeError(`opacity ${opacity} is not between 0 and 1`);
  const { width, height } = image;
  const rgb = inColour(image);
  for (const { x, y, colour } of colouredPixels(map, { width, height, crossed })) {
    const start = (y * width + x) * 3;
    for (let channel = 0; channel < 3; channel++) {
      const below = rgb[start + channel] ?? 0;
      rgb[start + channel] = Math.round(below + ((colour[channel] ?? below) - below) * opacity);
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
