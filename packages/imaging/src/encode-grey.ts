import sharp from 'sharp';

/**
 * Writes an 8-bit PNG of `width` x `height` pixels: grey, or RGB where there are three samples a pixel.
 * Lossless; the same pixels give the same bytes with the same version of sharp.
 */
export async function encodeGrey(pixels: Uint8Array, size: { width: number; height: number }): Promise<Uint8Array> {
  const { width, height } = size;
  const channels = pixels.length / (width * height);
  if (channels !== 1 && channels !== 3) {
    throw new Error(`${pixels.length} samples are neither grey nor RGB of ${width} x ${height} pixels`);
  }
  const image = sharp(pixels, { raw: { width, height, channels } });
  const png = await image
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .png({ compressionLevel: 6, adaptiveFiltering: true })
    .toBuffer();
  return new Uint8Array(png);
}
