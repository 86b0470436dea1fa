import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

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
  'jpeg-2000': { name: '@cornerstonejs/codec-openjpeg', decoder: 'J2KDecoder' },
  'jpeg-ls': { name: '@cornerstonejs/codec-charls', decoder: 'JpegLSDecoder' },
} as const;

const loaded = new Map<keyof typeof CODECS, Promise<WasmModule>>();

/** Decodes one frame. After any failure the codec is loaded anew: an aborted WebAssembly module answers nothing ever after. */
export async function decodeWithWasm(kind: keyof typeof CODECS, encoded: Uint8Array): Promise<DecodedFrame> {
  const codec = CODECS[kind];
  const module = loaded.get(kind) ?? load(codec.name);
  loaded.set(kind, module);
  try {
    const decoder = new (await module)[codec.decoder]();
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

async function load(name: string): Promise<WasmModule> {
  const create = require(`${name}/decodewasmjs`) as LoadModule;
  const wasmBinary = await readFile(require.resolve(`${name}/decodewasm`));
  return create({ wasmBinary, print() {}, printErr() {} });
}
