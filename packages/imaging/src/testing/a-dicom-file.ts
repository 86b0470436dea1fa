import { deflateRawSync } from 'node:zlib';
import {
  DEFLATED_LITTLE_ENDIAN,
  EXPLICIT_BIG_ENDIAN,
  EXPLICIT_LITTLE_ENDIAN,
  IMPLICIT_LITTLE_ENDIAN,
} from '../dicom/transfer-syntax.js';

/** A tag, its value representation, and a text or 16-bit numbers. */
export type TestElement = readonly [tag: number, vr: string, value: string | readonly number[]];

export interface TestDicom {
  readonly syntax?: string;
  /** False: as files were before part 10, without preamble and file meta information. */
  readonly meta?: boolean;
  readonly width: number;
  readonly height: number;
  /** Samples as numbers for native files; compressed fragments otherwise. */
  readonly pixels: Uint8Array | Uint16Array | Int16Array | readonly Uint8Array[];
  readonly bitsAllocated?: number;
  readonly bitsStored?: number;
  readonly samples?: number;
  readonly photometric?: string;
  readonly extra?: readonly TestElement[];
}

const LONG_FORM = new Set(['OB', 'OW']);

/** Builds small DICOM files in each of the native syntaxes, and around compressed frames; independent of the writer under test. */
export function aDicomFile(options: TestDicom): Uint8Array {
  const { syntax = EXPLICIT_LITTLE_ENDIAN, meta = true, bitsAllocated = bitsOf(options.pixels), samples = 1 } = options;
  const { bitsStored = bitsAllocated } = options;
  const elements: TestElement[] = [
    [0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.1'],
    [0x00280002, 'US', [samples]],
    [0x00280004, 'CS', options.photometric ?? (samples === 1 ? 'MONOCHROME2' : 'RGB')],
    [0x00280010, 'US', [options.height]],
    [0x00280011, 'US', [options.width]],
    [0x00280100, 'US', [bitsAllocated]],
    [0x00280101, 'US', [bitsStored]],
    [0x00280102, 'US', [bitsStored - 1]],
    [0x00280103, 'US', [options.pixels instanceof Int16Array ? 1 : 0]],
  ];
  // Later ones replace earlier ones of the same tag.
  const byTag = new Map([...elements, ...(options.extra ?? [])].map((element) => [element[0], element]));
  const encode = encoder(syntax);
  const body = Buffer.concat([
    ...[...byTag.values()]
      .sort((a, b) => a[0] - b[0])
      .map(([tag, vr, value]) => encode(tag, vr, valueOf(value, syntax))),
    pixelElement(options.pixels, syntax, encode),
  ]);
  if (!meta) return body;
  const explicit = encoder(EXPLICIT_LITTLE_ENDIAN);
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM'),
    explicit(0x00020010, 'UI', valueOf(syntax, syntax)),
    syntax === DEFLATED_LITTLE_ENDIAN ? deflateRawSync(body) : body,
  ]);
}

type Encode = (tag: number, vr: string, value: Buffer) => Buffer;

function encoder(syntax: string): Encode {
  const big = syntax === EXPLICIT_BIG_ENDIAN;
  const implicit = syntax === IMPLICIT_LITTLE_ENDIAN;
  const u16 = (value: number) => (big ? Buffer.of(value >> 8, value & 255) : Buffer.of(value & 255, value >> 8));
  const u32 = (value: number) => {
    const low = u16(value & 0xffff);
    const high = u16(value >>> 16);
    return big ? Buffer.concat([high, low]) : Buffer.concat([low, high]);
  };
  return (tag, vr, value) => {
    const name = Buffer.concat([u16(tag >>> 16), u16(tag & 0xffff)]);
    const length = value.length;
    if (implicit) return Buffer.concat([name, u32(length), value]);
    if (LONG_FORM.has(vr)) return Buffer.concat([name, Buffer.from(vr), Buffer.alloc(2), u32(length), value]);
    return Buffer.concat([name, Buffer.from(vr), u16(length), value]);
  };
}

function valueOf(value: string | readonly number[], syntax: string): Buffer {
  if (typeof value === 'string') return Buffer.from(value.length % 2 === 0 ? value : `${value}\0`, 'latin1');
  return wordsOf(Uint16Array.from(value), syntax);
}

function wordsOf(words: Uint16Array | Int16Array, syntax: string): Buffer {
  const bytes = Buffer.from(words.buffer.slice(words.byteOffset, words.byteOffset + words.byteLength));
  return syntax === EXPLICIT_BIG_ENDIAN ? bytes.swap16() : bytes;
}

function bitsOf(pixels: TestDicom['pixels']): number {
  return pixels instanceof Uint16Array || pixels instanceof Int16Array ? 16 : 8;
}

function pixelElement(pixels: TestDicom['pixels'], syntax: string, encode: Encode): Buffer {
  if (pixels instanceof Uint8Array) return encode(0x7fe00010, 'OB', Buffer.from(pixels));
  if (pixels instanceof Uint16Array || pixels instanceof Int16Array) {
    return encode(0x7fe00010, 'OW', wordsOf(pixels, syntax));
  }
  const item = (bytes: Uint8Array) => {
    const even = bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.of(0)]);
    const head = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0]);
    head.writeUInt32LE(even.length, 4);
    return Buffer.concat([head, even]);
  };
  const start = encode(0x7fe00010, 'OB', Buffer.alloc(0));
  start.writeUInt32LE(0xffffffff, 8);
  const end = Buffer.from([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]);
  return Buffer.concat([start, item(new Uint8Array(0)), ...pixels.map(item), end]);
}
