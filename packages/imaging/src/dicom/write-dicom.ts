/** One element with its value already encoded, little endian. */
export interface DicomElement {
  /** Group in the high 16 bits: 0x00100020 is (0010,0020). */
  readonly tag: number;
  readonly vr: string;
  readonly value: Uint8Array;
}

/** Native pixels as one value, or compressed frames as fragments. */
export type WrittenPixelData =
  | { readonly kind: 'native'; readonly vr: 'OB' | 'OW'; readonly bytes: Uint8Array }
  | { readonly kind: 'encapsulated'; readonly fragments: readonly Uint8Array[] };

export interface DicomContents {
  readonly transferSyntax: string;
  readonly sopClass: string;
  readonly sopInstance: string;
  readonly elements: readonly DicomElement[];
  readonly pixelData?: WrittenPixelData;
}

/** Value representations with a 32-bit length (PS3.5 section 7.1.2). */
const LONG_FORM = new Set(['OB', 'OD', 'OF', 'OL', 'OW', 'SQ', 'UC', 'UN', 'UR', 'UT']);
const UNDEFINED_LENGTH = 0xffffffff;
const IMPLEMENTATION_CLASS = '2.25.281350914770713170459834620451731849421';

/** Text of a value; several values are parted by a backslash, as in the file. */
export function textElement(tag: number, vr: string, text: string): DicomElement {
  return { tag, vr, value: Buffer.from(text, 'latin1') };
}

export function uint16Element(tag: number, value: number): DicomElement {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return { tag, vr: 'US', value: bytes };
}

/** Writes a DICOM part 10 file with explicit value representations, little endian; elements are put in order. */
export function writeDicom(contents: DicomContents): Uint8Array {
  const meta = Buffer.concat([
    encode({ tag: 0x00020001, vr: 'OB', value: Uint8Array.of(0, 1) }),
    encode(textElement(0x00020002, 'UI', contents.sopClass)),
    encode(textElement(0x00020003, 'UI', contents.sopInstance)),
    encode(textElement(0x00020010, 'UI', contents.transferSyntax)),
    encode(textElement(0x00020012, 'UI', IMPLEMENTATION_CLASS)),
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(meta.length);
  const sorted = contents.elements.toSorted((a, b) => a.tag - b.tag);
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM'),
    encode({ tag: 0x00020000, vr: 'UL', value: length }),
    meta,
    ...sorted.map(encode),
    ...(contents.pixelData === undefined ? [] : [encodePixelData(contents.pixelData)]),
  ]);
}

function encode({ tag, vr, value }: DicomElement): Buffer {
  const padded = evenLength(value, vr === 'UI' || LONG_FORM.has(vr) ? 0 : 0x20);
  return Buffer.concat([header(tag, vr, padded.length), padded]);
}

function header(tag: number, vr: string, length: number): Buffer {
  const long = LONG_FORM.has(vr);
  const bytes = Buffer.alloc(long ? 12 : 8);
  bytes.writeUInt16LE(tag >>> 16, 0);
  bytes.writeUInt16LE(tag & 0xffff, 2);
  bytes.write(vr, 4, 'latin1');
  if (long) bytes.writeUInt32LE(length, 8);
  else bytes.writeUInt16LE(length, 6);
  return bytes;
}

function encodePixelData(data: WrittenPixelData): Buffer {
  if (data.kind === 'native') return encode({ tag: 0x7fe00010, vr: data.vr, value: data.bytes });
  return Buffer.concat([
    header(0x7fe00010, 'OB', UNDEFINED_LENGTH),
    item(new Uint8Array(0)),
    ...data.fragments.map((fragment) => item(evenLength(fragment, 0))),
    Buffer.from([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]),
  ]);
}

function item(value: Uint8Array): Buffer {
  const start = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0]);
  start.writeUInt32LE(value.length, 4);
  return Buffer.concat([start, value]);
}

function evenLength(value: Uint8Array, padding: number): Uint8Array {
  return value.length % 2 === 0 ? value : Buffer.concat([value, Buffer.of(padding)]);
}
