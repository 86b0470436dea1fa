import type { Radiograph } from './radiograph.js';

/** 16 bits to 8 by rounding on the full range: 65535 is 255. Pixels of 8 bits come back as they are, not copied. */
export function eightBitsOf({ pixels }: Radiograph): Uint8Array {
  if (pixels instanceof Uint8Array) return pixels;
  return Uint8Array.from(pixels, (value) => Math.round(value / 257));
}
