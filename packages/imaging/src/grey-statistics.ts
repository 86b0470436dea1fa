import type { Plane } from './resize-bicubic.js';

const BORDER = 20;
const PERCENTILES = [1, 5, 25, 50, 75, 95, 99] as const;

/**
 * The 15 numbers of the no-network baseline (science section 2), on the 0-255 scale, in the order agreed with `evaluation`:
 * mean, standard deviation (population), percentiles 1, 5, 25, 50, 75, 95, 99 (linear interpolation), mean absolute
 * vertical and horizontal difference of neighbours, means of the 20-pixel top, bottom, left and right borders.
 */
export function greyStatistics(image: Plane): readonly number[] {
  const grey = luminance(image);
  const { width, height } = image;
  const mean = meanOf(grey, () => true);
  const variance = grey.reduce((sum, value) => sum + (value - mean) ** 2, 0) / grey.length;
  const sorted = grey.slice().sort();
  return [
    mean,
    Math.sqrt(variance),
    ...PERCENTILES.map((percentile) => percentileOf(sorted, percentile)),
    meanDifference(grey, { step: width, pairs: (index) => index + width < grey.length }),
    meanDifference(grey, { step: 1, pairs: (index) => index % width < width - 1 }),
    meanOf(grey, (index) => index < BORDER * width),
    meanOf(grey, (index) => index >= (height - BORDER) * width),
    meanOf(grey, (index) => index % width < BORDER),
    meanOf(grey, (index) => index % width >= width - BORDER),
  ];
}

/** ITU-R 601 luma in Pillow's fixed point, so that grey stored as RGB keeps its value exactly. */
export function luminance(image: Plane): Uint8Array {
  if (image.channels === 1) return image.pixels;
  const grey = new Uint8Array(image.width * image.height);
  for (let index = 0; index < grey.length; index++) {
    const red = image.pixels[index * 3] ?? 0;
    const green = image.pixels[index * 3 + 1] ?? 0;
    const blue = image.pixels[index * 3 + 2] ?? 0;
    grey[index] = (red * 19_595 + green * 38_470 + blue * 7_471 + 0x8000) >> 16;
  }
  return grey;
}

function meanOf(grey: Uint8Array, included: (index: number) => boolean): number {
  let sum = 0;
  let count = 0;
  for (let index = 0; index < grey.length; index++) {
    if (!included(index)) continue;
    sum += grey[index] ?? 0;
    count++;
  }
  return sum / count;
}

function meanDifference(grey: Uint8Array, neighbours: { step: number; pairs: (index: number) => boolean }): number {
  let sum = 0;
  let count = 0;
  for (let index = 0; index < grey.length; index++) {
    if (!neighbours.pairs(index)) continue;
    sum += Math.abs((grey[index] ?? 0) - (grey[index + neighbours.step] ?? 0));
    count++;
  }
  return sum / count;
}

function percentileOf(sorted: Uint8Array, percentile: number): number {
  const position = (percentile / 100) * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below] ?? 0;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? low;
  return low + (high - low) * (position - below);
}
