import { decodeRaster } from './decode-raster.js';
import { PREPARED_SIDE } from './resize-bicubic.js';
import { UnfitImageError } from './unfit-image-error.js';

/** Length of one network input: 224 x 224 x 3 samples. */
export const PREPARED_LENGTH = PREPARED_SIDE * PREPARED_SIDE * 3;

/** The network input: RGB, 8 bits, NHWC, 150,528 bytes. Throws {@link UnfitImageError} on anything but a 224 x 224 PNG. */
export async function readPrepared(png: Uint8Array): Promise<Uint8Array> {
  const image = await decodeRaster(png, 'image/png', PREPARED_SIDE * PREPARED_SIDE);
  if (image.width !== PREPARED_SIDE || image.height !== PREPARED_SIDE || !(image.pixels instanceof Uint8Array)) {
    throw new UnfitImageError(
      'not-224',
      `a prepared image is a 224 x 224 8-bit PNG; this one is ${image.width} x ${image.height}`,
    );
  }
  if (image.channels === 3) return image.pixels;
  const rgb = new Uint8Array(PREPARED_LENGTH);
  for (let index = 0; index < rgb.length; index += 3) {
    const grey = image.pixels[index / 3] ?? 0;
    rgb[index] = grey;
    rgb[index + 1] = grey;
    rgb[index + 2] = grey;
  }
  return rgb;
}
