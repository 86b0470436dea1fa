import type { View } from '@xvision/contracts';
import type { MediaType } from './media-type.js';

/**
 * A decoded image as a person would see it: upright, 0 is black, row-major.
 * Colour is kept only where the channels differ; grey stored as RGB comes out as one channel.
 */
export interface Radiograph {
  readonly mediaType: MediaType;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** 8 bits a sample (0-255), or 16 (0-65535) for 16-bit grey PNG; interleaved where there are three channels. */
  readonly pixels: Uint8Array | Uint16Array;
  /** Significant bits a sample in the file. */
  readonly bitsStored: number;
  /** As the file says it; the pixels here are never inverted. */
  readonly photometric: string;
  /** What the file's own header says; `unknown` for PNG and JPEG. */
  readonly view: View;
}

export interface DecodeOptions {
  /** Width times height that the file may declare; checked before anything is decoded. Default 40 million. */
  readonly maxPixels?: number;
}

/** Twice the largest detector in use (about 20 MP); architecture section 10. */
export const DEFAULT_MAX_PIXELS = 40_000_000;
