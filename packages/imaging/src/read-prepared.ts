import sharp from 'sharp';
import { decodeRaster } from './decode-raster.js';
import { PREPARED_SIDE } from './resize-bicubic.js';
import { UnfitImageError } from './unfit-image-error.js';

/** Length of one network input: 224 x 224 x 3 samples. */
export const PREPARED_LENGTH = PREPARED_SIDE * PREPARED_SIDE * 3;

/** The network input: RGB, 8 bits, NHWC, 150,528 bytes. Throws {@link UnfitImageError} on anything but a 224 x 224 PNG. */
export async function readPrepared(png: Uint8Array): Promise<Uint8Array> {
  const rgb = isPrepared(png) ? await decode(png) : undefined;
  return rgb ?? (await refuse(png));
}

const [WIDTH_AT, HEIGHT_AT, DEPTH_AT, COLOUR_AT] = [16, 20, 24, 25] as const;
const GREY = 0;
const RGB = 2;

/** Whether a PNG's header says what the preprocessor writes (ISO 15948, IHDR): 224 x 224, 8 bits, grey or RGB. */
function isPrepared(png: Uint8Array): boolean {
  if (png.length <= COLOUR_AT) return false;
  const header = new DataView(png.buffer, png.byteOffset, png.byteLength);
  if (header.getUint32(WIDTH_AT) !== PREPARED_SIDE || header.getUint32(HEIGHT_AT) !== PREPARED_SIDE) return false;
  return header.getUint8(DEPTH_AT) === 8 && [GREY, RGB].includes(header.getUint8(COLOUR_AT));
}

/** In one pass, since what was written here needs no questions; undefined where it cannot be decoded. */
async function decode(png: Uint8Array): Promise<Uint8Array | undefined> {
  try {
    const image = sharp(png, { failOn: 'error', limitInputPixels: PREPARED_SIDE ** 2, ignoreIcc: true });
    const { buffer, byteOffset, length } = await image.raw().toBuffer();
    return length === PREPARED_LENGTH ? new Uint8Array(buffer, byteOffset, length) : undefined;
  } catch {
    return undefined;
  }
}

/** Says what is wrong with it. */
async function refuse(png: Uint8Array): Promise<never> {
  const { width, height, bitsStored } = await decodeRaster(png, 'image/png', PREPARED_SIDE * PREPARED_SIDE);
  throw new UnfitImageError(
    'not-224',
    `a prepared image is a 224 x 224 8-bit PNG of grey or RGB; this one is ${width} x ${height}, ${bitsStored} bits a sample`,
  );
}
