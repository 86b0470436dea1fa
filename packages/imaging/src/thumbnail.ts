import sharp from 'sharp';
import { PREPARED_SIDE } from './resize-bicubic.js';
import { unfitOnFailure } from './unfit-image-error.js';

/** Length of both sides; a tile of a gallery on a sharp screen. */
const SIDE = 160;
const QUALITY = 78;

/** Changes whenever the same prepared image would give another thumbnail. */
export const THUMBNAIL_FORM = 'webp-160-v1';

/** A small WebP of a prepared image, for galleries. Throws {@link UnfitImageError} when it is not one. */
export async function thumbnail(png: Uint8Array): Promise<Uint8Array> {
  const bytes = await unfitOnFailure('unreadable', 'no thumbnail can be made of these bytes', () =>
    sharp(png, { limitInputPixels: PREPARED_SIDE * PREPARED_SIDE, failOn: 'error' })
      .resize(SIDE, SIDE)
      .webp({ quality: QUALITY })
      .toBuffer(),
  );
  return new Uint8Array(bytes);
}
