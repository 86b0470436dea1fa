import type { GreyValues } from '@xvision/contracts';
import { decodeRaster } from './decode-raster.js';
import { type DicomPixels, decodePixelsOf } from './dicom/decode-pixels.js';
import { fullRangeOf, rescaleOf, throughWindow, windowsOf } from './dicom/display.js';
import { parseDicomFile } from './dicom/parse-dicom.js';
import { readPixelHeader } from './dicom/pixel-header.js';
import { sniffMediaType } from './media-type.js';
import { DEFAULT_MAX_PIXELS, type DecodeOptions } from './radiograph.js';
import { unfitOnFailure } from './unfit-image-error.js';

/** What an original holds, at its own depth: no window is laid over it, and nothing is inverted. */
export interface DecodedGrey {
  readonly about: GreyValues;
  readonly pixels: DicomPixels['pixels'];
}

/** Decodes a PNG, JPEG or DICOM file at its own depth. Throws only `UnfitImageError`, or `DecoderFaultError` where a codec is missing. */
export async function decodeGreyValues(bytes: Uint8Array, options: DecodeOptions = {}): Promise<DecodedGrey> {
  const { maxPixels = DEFAULT_MAX_PIXELS } = options;
  const mediaType = sniffMediaType(bytes);
  if (mediaType === 'application/dicom') return await ofDicom(bytes, maxPixels);
  const { pixels, width, height, channels, bitsStored } = await decodeRaster(bytes, mediaType, maxPixels);
  const most = pixels instanceof Uint8Array ? 255 : 65_535;
  const full = { centre: most / 2, width: most, shape: 'LINEAR_EXACT' as const };
  const about = { ...shapeOf(pixels), width, height, samples: channels, signed: false, bitsStored };
  return { about: { ...about, slope: 1, intercept: 0, inverted: false, windows: [], full, first: full }, pixels };
}

function ofDicom(bytes: Uint8Array, maxPixels: number): Promise<DecodedGrey> {
  return unfitOnFailure('unreadable', 'the DICOM file cannot be decoded', async () => {
    const file = parseDicomFile(bytes);
    const image = await decodePixelsOf(file, readPixelHeader(file.dataSet, maxPixels));
    const { width, height, samples, signed, bitsStored, pixels } = image;
    const rescale = rescaleOf(file.dataSet);
    const intercept = rescale(0);
    const { low, range } = fullRangeOf(image, rescale);
    const full = { centre: low + range / 2, width: range, shape: 'LINEAR_EXACT' as const };
    const windows = samples === 1 ? windowsOf(file.dataSet) : [];
    const usable = samples === 1 && throughWindow(image, file.dataSet) !== undefined;
    const about = {
      ...shapeOf(pixels),
      width,
      height,
      samples,
      signed,
      bitsStored,
      slope: rescale(1) - intercept,
      intercept,
    };
    const inverted = image.photometric === 'MONOCHROME1';
    return { about: { ...about, inverted, windows, full, first: (usable ? windows[0] : undefined) ?? full }, pixels };
  });
}

function shapeOf(pixels: DecodedGrey['pixels']): Pick<GreyValues, 'bits' | 'least' | 'most'> {
  let [least, most] = [pixels[0] ?? 0, pixels[0] ?? 0];
  for (const value of pixels) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return { bits: pixels instanceof Uint8Array ? 8 : 16, least, most };
}
