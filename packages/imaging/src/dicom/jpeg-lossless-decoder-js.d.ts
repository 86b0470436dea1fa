/** The package announces types that it does not ship. */
declare module 'jpeg-lossless-decoder-js' {
  export class Decoder {
    /** Samples interleaved; 1 or 2 bytes a sample by the frame's precision. */
    decode(buffer: ArrayBuffer, offset: number, length: number): Uint8Array | Uint16Array | null;
  }
}
