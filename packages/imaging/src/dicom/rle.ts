import { UnfitImageError } from '../unfit-image-error.js';

const HEADER_LENGTH = 64;
const MOST_SEGMENTS = 15;

export interface RleLayout {
  readonly pixels: number;
  readonly samples: number;
  /** 1 or 2. */
  readonly bytesPerSample: number;
}

/**
 * Decodes one RLE frame (DICOM PS3.5 annex G): a segment for each byte of each sample, most significant byte first,
 * packed with PackBits. Returns interleaved samples, little endian.
 */
export function decodeRle(frame: Uint8Array, layout: RleLayout): Uint8Array {
  const { pixels, samples, bytesPerSample } = layout;
  const count = samples * bytesPerSample;
  if (frame.length < HEADER_LENGTH) throw new UnfitImageError('truncated', 'the RLE frame ends inside its own header');
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (view.getUint32(0, true) !== count || count > MOST_SEGMENTS) {
    throw new UnfitImageError('unreadable', `the RLE frame has ${view.getUint32(0, true)} segments, not ${count}`);
  }
  const output = new Uint8Array(pixels * count);
  for (let segment = 0; segment < count; segment++) {
    const start = view.getUint32(4 + segment * 4, true);
    const end = segment + 1 < count ? view.getUint32(8 + segment * 4, true) : frame.length;
    const sample = Math.floor(segment / bytesPerSample);
    const byte = bytesPerSample - 1 - (segment % bytesPerSample);
    unpack(frame.subarray(start, end), { output, first: sample * bytesPerSample + byte, step: count });
  }
  return output;
}

/** PackBits: n in 0 … 127 copies n + 1 bytes, n in -127 … -1 repeats one byte 1 - n times, -128 is nothing. */
function unpack(packed: Uint8Array, target: { output: Uint8Array; first: number; step: number }): void {
  const { output, first, step } = target;
  let at = first;
  let index = 0;
  while (at < output.length && index < packed.length) {
    const control = packed[index++] ?? 128;
    if (control === 128) continue;
    const run = control > 128;
    const length = run ? 257 - control : control + 1;
    for (let i = 0; i < length && at < output.length; i++, at += step) {
      const value = packed[run ? index : index + i];
      if (value === undefined) throw new UnfitImageError('truncated', 'the RLE pixel data ends too early');
      output[at] = value;
    }
    index += run ? 1 : length;
  }
  if (at < output.length) throw new UnfitImageError('truncated', 'the RLE pixel data ends too early');
}
