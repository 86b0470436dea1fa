import type { DataSet } from 'dicom-parser';
import { bitsNeeded, type DicomPixels } from './decode-pixels.js';

/** Maps a modality value to 0 … 255, unrounded. */
type Curve = (value: number) => number;

/**
 * Stored values to 8 bits as a viewer shows them: rescale, then the first window of interest (or the full range
 * where there is none or it leaves the image uniform), then MONOCHROME1 inverted. PS3.3 C.7.6.3, C.11.1, C.11.2.
 */
export function displayed(image: DicomPixels, dataSet: DataSet): Uint8Array {
  if (image.samples === 3) return toEightBits(image);
  const slope = usable(dataSet.floatString('x00281053'), 1);
  const intercept = dataSet.floatString('x00281052') ?? 0;
  const rescale = (stored: number) => stored * slope + (Number.isFinite(intercept) ? intercept : 0);

  const window = windowOf(dataSet);
  const shown = window === undefined ? undefined : render(image, (stored) => window(rescale(stored)));
  const pixels = shown !== undefined && !isUniform(shown) ? shown : render(image, fullRange(image, rescale));
  return image.photometric === 'MONOCHROME1' ? pixels.map((value) => 255 - value) : pixels;
}

/** One table look-up a pixel: there are at most 65,536 stored values. */
function render(image: DicomPixels, curve: Curve): Uint8Array {
  const table = new Uint8ClampedArray(65_536);
  for (let word = 0; word < table.length; word++) table[word] = curve(image.signed ? (word << 16) >> 16 : word);
  const output = new Uint8Array(image.pixels.length);
  for (let index = 0; index < output.length; index++) output[index] = table[(image.pixels[index] ?? 0) & 0xffff] ?? 0;
  return output;
}

/**
 * The whole range of the stored bits, so that 8-bit images come through unchanged. Headers often declare 16 bits for
 * a 12-bit detector, so bits that no pixel uses are not counted, down to 8.
 */
function fullRange(image: DicomPixels, rescale: (stored: number) => number): Curve {
  const used = image.signed ? image.bitsStored : Math.max(Math.min(8, image.bitsStored), bitsNeeded(image.pixels));
  const lowest = image.signed ? -(2 ** (image.bitsStored - 1)) : 0;
  const first = rescale(lowest);
  const last = rescale(lowest + 2 ** used - 1);
  const low = Math.min(first, last);
  const range = Math.abs(last - first);
  return (stored) => ((rescale(stored) - low) / range) * 255;
}

function windowOf(dataSet: DataSet): Curve | undefined {
  const centre = dataSet.floatString('x00281050');
  const width = dataSet.floatString('x00281051');
  if (centre === undefined || width === undefined || !Number.isFinite(centre) || !(width > 0)) return undefined;
  const shape = dataSet.string('x00281056')?.trim().toUpperCase();
  if (shape === 'SIGMOID') return (value) => 255 / (1 + Math.exp((-4 * (value - centre)) / width));
  if (shape === 'LINEAR_EXACT') return (value) => ((value - centre) / width + 0.5) * 255;
  // LINEAR is defined for widths of at least 1; a width of 1 is a threshold.
  const span = Math.max(width - 1, Number.EPSILON);
  return (value) => ((value - (centre - 0.5)) / span + 0.5) * 255;
}

function toEightBits(image: DicomPixels): Uint8Array {
  if (image.pixels instanceof Uint8Array) return image.pixels;
  const most = 2 ** image.bitsStored - 1;
  return Uint8Array.from(image.pixels, (value) => Math.round((Math.max(0, value) / most) * 255));
}

function usable(value: number | undefined, fallback: number): number {
  return value === undefined || !Number.isFinite(value) || value === 0 ? fallback : value;
}

function isUniform(pixels: Uint8Array): boolean {
  return pixels.every((value) => value === pixels[0]);
}
