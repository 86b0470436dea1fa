import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { DecoderFaultError } from '../unfit-image-error.js';

const require = createRequire(import.meta.url);

interface FrameInfo {
  readonly width: number;
  readonly height: number;
  readonly bitsPerSample: number;
  readonly componentCount: number;
  readonly isSigned?: boolean;
}

interface WasmDecoder {
  getEncodedBuffer(length: number): Uint8Array;
  decode(): void;
  getDecodedBuffer(): Uint8Array;
  getFrameInfo(): FrameInfo;
  getInterleaveMode?(): number;
  delete(): void;
}

type WasmModule = Readonly<Record<'J2KDecoder' | 'JpegLSDecoder', new () => WasmDecoder>>;
type LoadModule = (options: { wasmBinary: Uint8Array; print(): void; printErr(): void }) => Promise<WasmModule>;

export interface DecodedFrame {
  readonly frame: FrameInfo;
  /** A copy outside of the codec's memory: 8 bits a sample, or 16 little endian. */
  readonly bytes: Uint8Array;
  /** Colour comes plane after plane. */
  readonly planar: boolean;
}

const CODECS = {
  'jpeg-2000': {
    decoder: 'J2KDecoder',
    create: () => require('@cornerstonejs/codec-openjpeg/decodewasmjs') as LoadModule,
    binary: () => require.resolve('@cornerstonejs/codec-openjpeg/decodewasm'),
  },
  'jpeg-ls': {
    decoder: 'JpegLSDecoder',
    create: () => require('@cornerstonejs/codec-charls/decodewasmjs') as LoadModule,
    binary: () => require.resolve('@cornerstonejs/codec-charls/decodewasm'),
  },
} as const;

const loaded = new Map<keyof typeof CODECS, Promise<WasmModule>>();

/** Decodes one frame. After any failure the codec is loaded anew: an aborted WebAssembly module answers nothing ever after. */
export async function decodeWithWasm(kind: keyof typeof CODECS, encoded: Uint8Array): Promise<DecodedFrame> {
  const module = loaded.get(kind) ?? load(kind);
  loaded.set(kind, module);
  try {
    const decoder = new (await module)[CODECS[kind].decoder]();
    decoder.getEncodedBuffer(encoded.length).set(encoded);
    decoder.decode();
    const bytes = new Uint8Array(decoder.getDecodedBuffer());
    const result = { frame: decoder.getFrameInfo(), bytes, planar: decoder.getInterleaveMode?.() === 0 };
    decoder.delete();
    return result;
  } catch (cause) {
    loaded.delete(kind);
    throw cause;
  }
}

async function load(kind: keyof typeof CODECS): Promise<WasmModule> {
  const { create, binary } = CODECS[kind];
  try {
    return await create()({ wasmBinary: await readFile(binary()), print() {}, printErr() {} });
  } catch (cause) {
    throw new DecoderFaultError(`the ${kind} codec cannot be loaded: ${String(cause)}`, { cause });
  }
}
