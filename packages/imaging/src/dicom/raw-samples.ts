/** Raw words as they came from the file or a codec. */
export interface RawSamples {
  /** 1 or 2 bytes a sample, little endian, interleaved. */
  readonly bytes: Uint8Array;
  readonly bytesPerSample: 1 | 2;
  readonly bitsStored: number;
  readonly signed: boolean;
  readonly photometric: string;
}

/** 8-bit colour stored plane after plane becomes pixel after pixel. */
export function interleavePlanes(bytes: Uint8Array, pixels: number): Uint8Array {
  const output = new Uint8Array(pixels * 3);
  for (let plane = 0; plane < 3; plane++) {
    for (let index = 0; index < pixels; index++) output[index * 3 + plane] = bytes[plane * pixels + index] ?? 0;
  }
  return output;
}
