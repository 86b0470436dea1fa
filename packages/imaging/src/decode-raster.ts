import sharp from 'sharp';
import type { MediaType } from './media-type.js';
import { checkDeclaredSize } from './pixel-limit.js';
import type { Radiograph } from './radiograph.js';
import { looksCutOff } from './raster-structure.js';
import { UnfitImageError } from './unfit-image-error.js';

// Images are decoded once and never again: a cache would only hold memory. One thread an image: services scale by images.
sharp.cache(false);
sharp.concurrency(1);

/**
 * Decodes a PNG or JPEG upright, with alpha laid on black and embedded colour profiles ignored:
 * a profile would move grey values that mean attenuation.
 */
export async function decodeRaster(bytes: Uint8Array, mediaType: MediaType, maxPixels: number): Promise<Radiograph> {
  try {
    return await decode(bytes, mediaType, maxPixels);
  } catch (cause) {
    if (cause instanceof UnfitImageError) throw cause;
    const fault = cause instanceof Error ? cause.message : 'the decoder failed';
    if (looksCutOff(bytes, mediaType)) {
      throw new UnfitImageError('truncated', `the file ends before its image does (${fault}); fetch it again`, {
        cause,
      });
    }
    throw new UnfitImageError('unreadable', `the image data is damaged (${fault}); fetch or export it again`, {
      cause,
    });
  }
}

async function decode(bytes: Uint8Array, mediaType: MediaType, maxPixels: number): Promise<Radiograph> {
  const image = sharp(bytes, { failOn: 'error', limitInputPixels: maxPixels, ignoreIcc: true });
  // Header only. The pixel limit is checked here, so that the answer has its own reason.
  const header = await sharp(bytes, { limitInputPixels: false, ignoreIcc: true }).metadata();
  checkDeclaredSize(header, maxPixels);

  const grey16 = header.space === 'grey16';
  const space = ['grey16', 'b-w', 'cmyk'].includes(header.space ?? '') ? (header.space ?? 'srgb') : 'srgb';
  // Without a pipeline space sharp would pass CMYK through sRGB and back.
  const upright = space === 'cmyk' ? image.autoOrient().pipelineColourspace('cmyk') : image.autoOrient();
  const flat = header.hasAlpha ? upright.flatten({ background: '#000' }) : upright;
  const { data, info } = await flat
    .toColourspace(space)
    .raw({ depth: grey16 ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });

  const decoded = grey16 ? asUint16(data) : new Uint8Array(data);
  const samples = space === 'cmyk' ? inkToLight(decoded) : decoded;
  const pixels = samples.length === info.width * info.height * 3 ? greyIfColourless(samples) : samples;
  const channels = pixels.length === info.width * info.height ? 1 : 3;
  return {
    mediaType,
    width: info.width,
    height: info.height,
    channels,
    pixels,
    bitsStored: header.bitsPerSample ?? (grey16 ? 16 : 8),
    photometric: channels === 1 ? 'MONOCHROME2' : 'RGB',
    view: 'unknown',
  };
}

function asUint16(data: Buffer): Uint16Array {
  return new Uint16Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength));
}

/** CMYK by the plain formula (as Pillow does): grey printed as CMYK comes back as the same grey, which no ink profile gives. */
function inkToLight(cmyk: Uint8Array | Uint16Array): Uint8Array {
  const rgb = new Uint8Array((cmyk.length / 4) * 3);
  for (let pixel = 0; pixel * 4 < cmyk.length; pixel++) {
    const light = 255 - (cmyk[pixel * 4 + 3] ?? 0);
    for (let ink = 0; ink < 3; ink++) {
      rgb[pixel * 3 + ink] = Math.round(light - (light * (cmyk[pixel * 4 + ink] ?? 0)) / 255);
    }
  }
  return rgb;
}

/** Grey kept as RGB becomes one channel; real colour stays. */
export function greyIfColourless<Samples extends Uint8Array | Uint16Array>(rgb: Samples): Samples {
  for (let index = 0; index < rgb.length; index += 3) {
    if (rgb[index] !== rgb[index + 1] || rgb[index] !== rgb[index + 2]) return rgb;
  }
  const grey = rgb.slice(0, rgb.length / 3) as Samples;
  for (let index = 0; index < grey.length; index++) grey[index] = rgb[index * 3] ?? 0;
  return grey;
}
