import type { Plane } from '../resize-bicubic.js';

/** The formula of the synthetic golden image: grey (7x + 13y + (x*y) mod 31) mod 256, RGB with 29c added. */
export function phantom(width: number, height: number, channels: 1 | 3 = 1): Plane {
  const pixels = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++) {
        pixels[(y * width + x) * channels + c] = (7 * x + 13 * y + 29 * c + ((x * y) % 31)) % 256;
      }
    }
  }
  return { width, height, channels, pixels };
}

/** A smooth ramp with some texture in `bits` bits, which compresses as radiographs do. */
export function deepPhantom(width: number, height: number, bits: number): Uint16Array {
  const most = 2 ** bits - 1;
  const ramp = (index: number) => ((index % width) + Math.floor(index / width)) / (width + height - 2);
  return Uint16Array.from({ length: width * height }, (_, index) =>
    Math.min(most, Math.round(ramp(index) * most * 0.97 + ((index * 7919) % 13))),
  );
}
