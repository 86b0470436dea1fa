import { DEFAULT_MAX_PIXELS } from '../radiograph.js';
import { UnfitImageError, unfitOnFailure } from '../unfit-image-error.js';
import { decodeCodestream } from './decode-codestream.js';
import { type DicomFile, parseDicomFile } from './parse-dicom.js';
import { type PixelHeader, readPixelHeader, unsupported } from './pixel-header.js';
import { interleavePlanes, type RawSamples } from './raw-samples.js';
import { decodeRle } from './rle.js';
import { EXPLICIT_BIG_ENDIAN, RLE_LOSSLESS } from './transfer-syntax.js';

/** Stored values, before rescale, window and inversion: what an independent decoder calls the pixel array. */
export interface DicomPixels {
  readonly width: number;
  readonly height: number;
  readonly samples: 1 | 3;
  /** Row-major; colour interleaved and always RGB. */
  readonly pixels: Uint8Array | Uint16Array | Int16Array;
  /** At least as many as the largest value needs, whatever the header says. */
  readonly bitsStored: number;
  readonly signed: boolean;
  readonly photometric: string;
}

/** Decodes the one frame of a DICOM file. Throws only {@link UnfitImageError}. */
export function decodeDicomPixels(bytes: Uint8Array, maxPixels: number = DEFAULT_MAX_PIXELS): Promise<DicomPixels> {
  return unfitOnFailure('unreadable', 'the DICOM file cannot be decoded', () => {
    const file = parseDicomFile(bytes);
    return decodePixelsOf(file, readPixelHeader(file.dataSet, maxPixels));
  });
}

export async function decodePixelsOf(file: DicomFile, header: PixelHeader): Promise<DicomPixels> {
  const raw = await readSamples(file, header);
  const { width, height, samples } = header;
  const expected = width * height * samples * raw.bytesPerSample;
  if (raw.bytes.length < expected) {
    throw new UnfitImageError(
      'truncated',
      `the pixel data holds ${raw.bytes.length} bytes, not the ${expected} of ${width} x ${height} pixels; fetch it again`,
    );
  }
  const words = toWords(raw, width * height * samples);
  const settled = settleBits(words, { ...header, bitsStored: raw.bitsStored, signed: raw.signed });
  const pixels = raw.photometric === 'YBR_FULL' && samples === 3 ? ybrToRgb(settled) : settled;
  return {
    width,
    height,
    samples,
    pixels,
    bitsStored: Math.max(raw.bitsStored, raw.signed ? 0 : bitsNeeded(pixels)),
    signed: raw.signed,
    photometric: samples === 3 ? 'RGB' : header.photometric,
  };
}

async function readSamples(file: DicomFile, header: PixelHeader): Promise<RawSamples> {
  const element = file.dataSet.elements['x7fe00010'];
  if (element === undefined) throw unsupported('it holds no pixel data');
  const { bitsStored, signed, photometric } = header;
  const bytesPerSample = header.bitsAllocated === 8 ? 1 : 2;

  if (element.encapsulatedPixelData !== true) {
    if (photometric.startsWith('YBR') && photometric !== 'YBR_FULL') throw unsupported(`uncompressed ${photometric}`);
    const stored = file.dataSet.byteArray.subarray(element.dataOffset, element.dataOffset + element.length);
    const swapped = file.transferSyntax === EXPLICIT_BIG_ENDIAN && (bytesPerSample === 2 || element.vr === 'OW');
    const bytes = interleaved(swapped ? swapPairs(stored) : stored, header);
    return { bytes, bytesPerSample, bitsStored, signed, photometric };
  }

  const frame = joinFragments(file);
  if (file.transferSyntax === RLE_LOSSLESS) {
    const pixels = header.width * header.height;
    const bytes = decodeRle(frame, { pixels, samples: header.samples, bytesPerSample });
    return { bytes, bytesPerSample, bitsStored, signed, photometric };
  }
  return decodeCodestream(frame, header);
}

function joinFragments(file: DicomFile): Uint8Array {
  const { dataSet } = file;
  const fragments = dataSet.elements['x7fe00010']?.fragments ?? [];
  if (fragments.length === 0)
    throw new UnfitImageError('truncated', 'the compressed pixel data is empty; fetch it again');
  return Buffer.concat(
    fragments.map(({ position, length }) => dataSet.byteArray.subarray(position, position + length)),
  );
}

function interleaved(bytes: Uint8Array, header: PixelHeader): Uint8Array {
  if (!header.planar || header.samples === 1 || header.bitsAllocated !== 8) return bytes;
  return interleavePlanes(bytes, header.width * header.height);
}

function swapPairs(bytes: Uint8Array): Uint8Array {
  return Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2))).swap16();
}

function toWords(raw: RawSamples, count: number): Uint8Array | Uint16Array {
  // A copy: the samples may begin at an odd address, and the file's bytes are not kept alive by them.
  const copy = new Uint8Array(raw.bytes.subarray(0, count * raw.bytesPerSample));
  return raw.bytesPerSample === 1 ? copy : new Uint16Array(copy.buffer);
}

type BitLayout = Pick<PixelHeader, 'bitsStored' | 'highBit' | 'signed' | 'embeddedOverlay'>;

/** Extends the sign from the stored bits; cuts off embedded overlays. Unsigned values over the declared bits stay: the header lies. */
function settleBits(words: Uint8Array | Uint16Array, layout: BitLayout): Uint8Array | Uint16Array | Int16Array {
  const { bitsStored, signed } = layout;
  const shift = Math.max(0, layout.highBit + 1 - bitsStored);
  if (signed) {
    const unused = 32 - bitsStored;
    return Int16Array.from(words, (word) => ((word >> shift) << unused) >> unused);
  }
  if (!layout.embeddedOverlay && shift === 0) return words;
  const mask = layout.embeddedOverlay ? 2 ** bitsStored - 1 : 0xffff;
  return words.map((word) => (word >> shift) & mask);
}

/** Bits that the largest value takes. */
export function bitsNeeded(pixels: Uint8Array | Uint16Array | Int16Array): number {
  let most = 0;
  for (const value of pixels) if (value > most) most = value;
  return Math.max(1, Math.ceil(Math.log2(most + 1)));
}

/** PS3.3 C.7.6.3.1.2, full range. */
function ybrToRgb(ybr: Uint8Array | Uint16Array | Int16Array): Uint8Array {
  const rgb = new Uint8ClampedArray(ybr.length);
  for (let index = 0; index < ybr.length; index += 3) {
    const y = ybr[index] ?? 0;
    const blue = (ybr[index + 1] ?? 128) - 128;
    const red = (ybr[index + 2] ?? 128) - 128;
    rgb[index] = y + 1.402 * red;
    rgb[index + 1] = y - 0.344136 * blue - 0.714136 * red;
    rgb[index + 2] = y + 1.772 * blue;
  }
  return new Uint8Array(rgb.buffer);
}
