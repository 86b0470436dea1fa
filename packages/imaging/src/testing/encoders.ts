import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** PackBits as DICOM wants it, one segment a byte plane, most significant first; `planes` hold bytes. */
export function encodeRle(planes: readonly Uint8Array[]): Uint8Array {
  const segments = planes.map(packBits);
  const header = Buffer.alloc(64);
  header.writeUInt32LE(segments.length, 0);
  let offset = 64;
  for (const [index, segment] of segments.entries()) {
    header.writeUInt32LE(offset, 4 + index * 4);
    offset += segment.length;
  }
  return Buffer.concat([header, ...segments]);
}

function packBits(bytes: Uint8Array): Buffer {
  const output: number[] = [];
  let index = 0;
  while (index < bytes.length) {
    let run = 1;
    while (run < 128 && bytes[index + run] === bytes[index] && index + run < bytes.length) run++;
    if (run > 1) {
      output.push(257 - run, bytes[index] ?? 0);
      index += run;
      continue;
    }
    const start = index;
    while (index < bytes.length && index - start < 128 && bytes[index] !== bytes[index + 1]) index++;
    if (index === start) index++;
    output.push(index - start - 1, ...bytes.subarray(start, index));
  }
  return Buffer.from(output.length % 2 === 0 ? output : [...output, 128]);
}

/** JPEG lossless (ITU-T T.81 annex H), first-order prediction, one component; all 17 categories have 5-bit codes. */
export function encodeJpegLossless(
  pixels: Uint16Array,
  size: { width: number; height: number; bits: number },
): Uint8Array {
  const { width, height, bits } = size;
  const u16 = (value: number) => [value >> 8, value & 255];
  const symbols = Array.from({ length: 17 }, (_, index) => index);
  const startOfFrame = [0xff, 0xc3, ...u16(11), bits, ...u16(height), ...u16(width), 1, 1, 0x11, 0];
  const codeLengths = [0, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  const huffmanTable = [0xff, 0xc4, ...u16(19 + 17), 0, ...codeLengths, ...symbols];
  const startOfScan = [0xff, 0xda, ...u16(8), 1, 1, 0, 1, 0, 0];
  const body: number[] = [];
  let pending = 0;
  let count = 0;
  const put = (value: number, length: number) => {
    for (let bit = length - 1; bit >= 0; bit--) {
      pending = (pending << 1) | ((value >> bit) & 1);
      if (++count < 8) continue;
      body.push(pending);
      if (pending === 0xff) body.push(0);
      pending = 0;
      count = 0;
    }
  };
  for (let index = 0; index < pixels.length; index++) {
    const left = index % width === 0 ? pixels[index - width] : pixels[index - 1];
    const raw = (pixels[index] ?? 0) - (left ?? 2 ** (bits - 1));
    // Modulo 65,536, and 32,768 (category 16) has no further bits (H.1.2.2).
    const difference = raw === -32_768 ? 32_768 : (raw << 16) >> 16;
    const category = difference === 0 ? 0 : Math.floor(Math.log2(Math.abs(difference))) + 1;
    put(category, 5);
    if (category < 16) put(difference >= 0 ? difference : difference + 2 ** category - 1, category);
  }
  if (count > 0) put(0xff, 8 - count);
  return Uint8Array.from([0xff, 0xd8, ...startOfFrame, ...huffmanTable, ...startOfScan, ...body, 0xff, 0xd9]);
}

interface Encoder {
  getDecodedBuffer(frame: object): Uint8Array;
  getEncodedBuffer(): Uint8Array;
  encode(): void;
  setNearLossless?(value: number): void;
}

/** JPEG 2000 (lossless) and JPEG-LS by the encoders that come with the decoders. */
export async function encodeWithWasm(
  kind: 'J2KEncoder' | 'JpegLSEncoder',
  samples: Uint8Array,
  frame: { width: number; height: number; bitsPerSample: number; componentCount: number },
): Promise<Uint8Array> {
  const name = kind === 'J2KEncoder' ? '@cornerstonejs/codec-openjpeg' : '@cornerstonejs/codec-charls';
  const load = require(`${name}/wasmjs`) as (options: object) => Promise<Record<string, new () => Encoder>>;
  const module = await load({ wasmBinary: await readFile(require.resolve(`${name}/wasm`)), print() {}, printErr() {} });
  const Constructor = module[kind];
  if (Constructor === undefined) throw new Error(`${name} has no ${kind}`);
  const encoder = new Constructor();
  encoder.getDecodedBuffer({ ...frame, isSigned: false, isUsingColorTransform: false }).set(samples);
  encoder.setNearLossless?.(0);
  encoder.encode();
  return new Uint8Array(encoder.getEncodedBuffer());
}
