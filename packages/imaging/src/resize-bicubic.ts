/** Side of the network input in pixels (science section 1). */
export const PREPARED_SIDE = 224;

export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** 8 bits a sample, row-major, interleaved. */
  readonly pixels: Uint8Array;
}

const SUPPORT = 2;
const A = -0.5;
/** 32-bit accumulators less 8 bits of pixel less 2 bits of head-room. */
const PRECISION = 2 ** 22;

interface Taps {
  /** First source index of each output index. */
  readonly first: Int32Array;
  readonly count: Int32Array;
  /** `size` weights for each output index, scaled by {@link PRECISION}. */
  readonly weights: Int32Array;
  readonly size: number;
}

/**
 * Resizes to `side` x `side` by bicubic resampling (a = -0.5) with antialiasing, in the fixed-point arithmetic of Pillow's `Image.resize(BICUBIC)`,
 * whose bytes it reproduces (pillow, src/libImaging/Resample.c). Our own, because the kernel is part of every feature key:
 * an upgrade of an image library must not move features.
 */
export function resizeBicubic(source: Plane, side: number): Plane {
  const wide = source.width === side ? source : resampleRows(source, side);
  return wide.height === side ? wide : resampleColumns(wide, side);
}

function cubic(distance: number): number {
  const x = Math.abs(distance);
  if (x < 1) return ((A + 2) * x - (A + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * A;
  return 0;
}

function tapsFor(sourceLength: number, targetLength: number): Taps {
  const scale = sourceLength / targetLength;
  const filterScale = Math.max(scale, 1);
  const support = SUPPORT * filterScale;
  const size = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(targetLength);
  const count = new Int32Array(targetLength);
  const weights = new Int32Array(targetLength * size);

  for (let target = 0; target < targetLength; target++) {
    const centre = (target + 0.5) * scale;
    const from = Math.max(0, Math.trunc(centre - support + 0.5));
    const to = Math.min(sourceLength, Math.trunc(centre + support + 0.5));
    const raw = Array.from({ length: to - from }, (_, index) =>
      cubic((index + from - centre + 0.5) * (1 / filterScale)),
    );
    const sum = raw.reduce((total, weight) => total + weight, 0);
    first[target] = from;
    count[target] = to - from;
    for (const [index, weight] of raw.entries()) {
      const fixed = (weight / sum) * PRECISION;
      weights[target * size + index] = Math.trunc(fixed + (fixed < 0 ? -0.5 : 0.5));
    }
  }
  return { first, count, weights, size };
}

function clampToByte(accumulated: number): number {
  const value = accumulated >> 22;
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

function resampleRows(source: Plane, width: number): Plane {
  const { first, count, weights, size } = tapsFor(source.width, width);
  const { channels, height } = source;
  const input = source.pixels;
  const output = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const start = (y * source.width + (first[x] ?? 0)) * channels;
      const taps = count[x] ?? 0;
      for (let channel = 0; channel < channels; channel++) {
        let sum = PRECISION / 2;
        for (let tap = 0; tap < taps; tap++) {
          sum += (input[start + tap * channels + channel] ?? 0) * (weights[x * size + tap] ?? 0);
        }
        output[(y * width + x) * channels + channel] = clampToByte(sum);
      }
    }
  }
  return { width, height, channels, pixels: output };
}

function resampleColumns(source: Plane, height: number): Plane {
  const { first, count, weights, size } = tapsFor(source.height, height);
  const { channels, width } = source;
  const stride = width * channels;
  const input = source.pixels;
  const output = new Uint8Array(height * stride);
  for (let y = 0; y < height; y++) {
    const start = (first[y] ?? 0) * stride;
    const taps = count[y] ?? 0;
    for (let column = 0; column < stride; column++) {
      let sum = PRECISION / 2;
      for (let tap = 0; tap < taps; tap++) {
        sum += (input[start + tap * stride + column] ?? 0) * (weights[y * size + tap] ?? 0);
      }
      output[y * stride + column] = clampToByte(sum);
    }
  }
  return { width, height, channels, pixels: output };
}
