import type { GreyWindow } from '@xvision/contracts';
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
  const rescale = rescaleOf(dataSet);
  const pixels = throughWindow(image, dataSet) ?? render(image, fullRange(image, rescale));
  return image.photometric === 'MONOCHROME1' ? pixels.map((value) => 255 - value) : pixels;
}

/** Through the first window; undefined where there is none or it leaves the image uniform. */
export function throughWindow(image: DicomPixels, dataSet: DataSet): Uint8Array | undefined {
  const [first] = windowsOf(dataSet);
  if (first === undefined) return undefined;
  const [window, rescale] = [curveOf(first), rescaleOf(dataSet)];
  const shown = render(image, (stored) => window(rescale(stored)));
  return isUniform(shown) ? undefined : shown;
}

/** From stored to modality values: a straight line. */
export function rescaleOf(dataSet: DataSet): (stored: number) => number {
  const slope = usable(dataSet.floatString('x00281053'), 1);
  const intercept = dataSet.floatString('x00281052') ?? 0;
  return (stored) => stored * slope + (Number.isFinite(intercept) ? intercept : 0);
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
  const { low, range } = fullRangeOf(image, rescale);
  return (stored) => ((rescale(stored) - low) / range) * 255;
}

/** In modality values. */
export function fullRangeOf(image: DicomPixels, rescale: (stored: number) => number): { low: number; range: number } {
  const used = image.signed ? image.bitsStored : Math.max(Math.min(8, image.bitsStored), bitsNeeded(image.pixels));
  const lowest = image.signed ? -(2 ** (image.bitsStored - 1)) : 0;
  const first = rescale(lowest);
  const last = rescale(lowest + 2 ** used - 1);
  return { low: Math.min(first, last), range: Math.abs(last - first) };
}

/** Windows that are read of a file; the first that is none ends them. */
const MOST_WINDOWS = 16;

/** Windows of interest, in the order of the file. */
export function windowsOf(dataSet: DataSet): GreyWindow[] {
  const said = dataSet.string('x00281056')?.trim().toUpperCase();
  const shape = said === 'SIGMOID' || said === 'LINEAR_EXACT' ? said : 'LINEAR';
  const windows: GreyWindow[] = [];
  const named = (tag: string) => dataSet.numStringValues(tag) ?? 0;
  const most = Math.min(MOST_WINDOWS, named('x00281050'), named('x00281051'));
  for (let place = 0; place < most; place++) {
    const centre = dataSet.floatString('x00281050', place);
    const width = dataSet.floatString('x00281051', place);
    if (centre === undefined || width === undefined || !Number.isFinite(centre) || !Number.isFinite(width)) break;
    if (!(width > 0)) break;
    windows.push({ centre, width, shape });
  }
  return windows;
}

function curveOf({ centre, width, shape }: GreyWindow): Curve {
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
