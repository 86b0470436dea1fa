import { AS_PREPARED_VERSION, PREPROCESSING_VERSION } from '@xvision/contracts';
import { decodeRadiograph } from './decode-radiograph.js';
import { eightBitsOf } from './eight-bits.js';
import { encodeGrey } from './encode-grey.js';
import { greyStatistics } from './grey-statistics.js';
import { perceptualHash } from './perceptual-hash.js';
import type { DecodeOptions, Radiograph } from './radiograph.js';
import { type Plane, PREPARED_SIDE, resizeBicubic } from './resize-bicubic.js';
import { UnfitImageError } from './unfit-image-error.js';

/** Below this a radiograph shows no anatomy worth scoring; the smallest collection in use has 128. */
const LEAST_SHORT_EDGE = 64;

/** Standard deviation in grey levels of 255; a real radiograph has 30 to 80, a uniform exposure with noise about 1. */
const LEAST_CONTRAST = 2;

/** What a person may want to know about a usable image. Fractions are of the network input's samples. */
export interface Quality {
  /** In pixels, of the decoded original. */
  readonly shortEdge: number;
  /** The original is smaller than the network input, so detail was invented by interpolation. */
  readonly enlarged: boolean;
  readonly bitsStored: number;
  readonly colour: boolean;
  readonly blackFraction: number;
  readonly whiteFraction: number;
  /** For near-duplicates, see {@link perceptualHash}. */
  readonly perceptualHash: string;
}

export interface Prepared {
  /** A 224 x 224 8-bit PNG, grey or RGB. */
  readonly png: Uint8Array;
  readonly preprocessing: string;
  /** Of the decoded, upright original, in pixels. */
  readonly width: number;
  readonly height: number;
  /** See {@link greyStatistics}. */
  readonly greyStatistics: readonly number[];
  readonly quality: Quality;
}

export interface PrepareOptions extends DecodeOptions {
  /** The image is 224 x 224 already: take its pixels as they are. */
  readonly asPrepared?: boolean;
}

/** Bytes of a file to the network input. Throws only {@link UnfitImageError}. */
export async function prepareImage(bytes: Uint8Array, options: PrepareOptions = {}): Promise<Prepared> {
  return options.asPrepared === true ? prepareAsIs(bytes, options) : prepare(await decodeRadiograph(bytes, options));
}

/** Centre crop to the short edge (floor offsets), then bicubic to 224 x 224. Throws `too-small` and `blank`. */
export async function prepare(image: Radiograph): Promise<Prepared> {
  const shortEdge = Math.min(image.width, image.height);
  if (shortEdge < LEAST_SHORT_EDGE) {
    throw new UnfitImageError(
      'too-small',
      `the image is ${image.width} x ${image.height} pixels; at least ${LEAST_SHORT_EDGE} on the short edge are needed`,
    );
  }
  const square = cropToSquare(inEightBits(image));
  return finish(resizeBicubic(square, PREPARED_SIDE), image, PREPROCESSING_VERSION);
}

/** Takes a 224 x 224 image pixel for pixel. Throws `not-224` for any other size, and `blank`. */
export async function prepareAsIs(bytes: Uint8Array, options: DecodeOptions = {}): Promise<Prepared> {
  const image = await decodeRadiograph(bytes, options);
  if (image.width !== PREPARED_SIDE || image.height !== PREPARED_SIDE) {
    throw new UnfitImageError(
      'not-224',
      `the image is ${image.width} x ${image.height} pixels, but was announced as prepared (224 x 224); ` +
        'collect it without that option to have it cropped and resized',
    );
  }
  return finish(inEightBits(image), image, AS_PREPARED_VERSION);
}

async function finish(input: Plane, original: Radiograph, preprocessing: string): Promise<Prepared> {
  const statistics = greyStatistics(input);
  const contrast = statistics[1] ?? 0;
  if (contrast < LEAST_CONTRAST) {
    throw new UnfitImageError(
      'blank',
      `the image is blank: its grey values vary by ${contrast.toFixed(2)} of 255 (standard deviation); check the exposure or the window`,
    );
  }
  const { pixels } = input;
  return {
    png: await encodeGrey(pixels, { width: PREPARED_SIDE, height: PREPARED_SIDE }),
    preprocessing,
    width: original.width,
    height: original.height,
    greyStatistics: statistics,
    quality: {
      shortEdge: Math.min(original.width, original.height),
      enlarged: Math.min(original.width, original.height) < PREPARED_SIDE,
      bitsStored: original.bitsStored,
      colour: original.channels === 3,
      blackFraction: fractionOf(pixels, 0),
      whiteFraction: fractionOf(pixels, 255),
      perceptualHash: perceptualHash(pixels),
    },
  };
}

function inEightBits(image: Radiograph): Plane {
  const { width, height, channels } = image;
  return { width, height, channels, pixels: eightBitsOf(image) };
}

function cropToSquare(image: Plane): Plane {
  const side = Math.min(image.width, image.height);
  const left = Math.floor((image.width - side) / 2);
  const top = Math.floor((image.height - side) / 2);
  const { channels } = image;
  const pixels = new Uint8Array(side * side * channels);
  for (let y = 0; y < side; y++) {
    const start = ((top + y) * image.width + left) * channels;
    pixels.set(image.pixels.subarray(start, start + side * channels), y * side * channels);
  }
  return { width: side, height: side, channels, pixels };
}

function fractionOf(pixels: Uint8Array, value: number): number {
  let count = 0;
  for (const pixel of pixels) if (pixel === value) count++;
  return count / pixels.length;
}
