import { drawAnatomy, drawLesions, type PhantomFindings } from './anatomy.js';
import { type Box, develop, type Film, newFilm } from './film.js';
import { drawFrontal } from './frontal.js';
import { drawLateral } from './lateral.js';
import { mixSeed, type Random, seededRandom } from './random.js';

export interface PhantomOptions {
  /** The patient: the same seed gives the same chest in both views. */
  readonly seed: number;
  readonly view: 'frontal' | 'lateral';
  /** Width and height in pixels. */
  readonly size?: number;
  readonly findings?: PhantomFindings;
  /** Tells images of one patient and view apart: another exposure and another noise of the same chest. */
  readonly take?: number;
}

export interface GreyImage {
  readonly width: number;
  readonly height: number;
  /** 8-bit grey, row by row; white is dense, as on a chest radiograph. */
  readonly pixels: Uint8Array;
}

const VIEW_NUMBERS = { frontal: 1, lateral: 2 } as const;

/**
 * Draws a procedural chest radiograph. It is no patient's: shapes after the anatomy of a textbook, with each measure drawn at random.
 * Findings change only their own shapes, so a phantom with and without a nodule differ in the nodule alone.
 */
export function drawPhantom({ seed, view, size = 512, findings = {}, take = 0 }: PhantomOptions): GreyImage {
  // A stream of numbers per purpose, so that a finding does not shift the numbers of the rest.
  const anatomy = drawAnatomy(seededRandom(mixSeed(seed, 11)), findings);
  const lesions = drawLesions(seededRandom(mixSeed(seed, 12)), findings);
  const details = seededRandom(mixSeed(seed, 13, VIEW_NUMBERS[view]));
  const acquisition = seededRandom(mixSeed(seed, 14, VIEW_NUMBERS[view], take));

  const film = newFilm(size);
  const draw = view === 'frontal' ? drawFrontal : drawLateral;
  draw(film, { anatomy, lesions }, details);
  const exposure = {
    black: acquisition.between(4, 22),
    gain: acquisition.between(215, 285),
    gamma: acquisition.between(0.8, 1.15),
    noise: acquisition.between(2, 5),
  };
  const pixels = develop(film, exposure, acquisition);
  if (acquisition.chance(0.35)) collimate(pixels, film, acquisition);
  return { width: size, height: size, pixels };
}

/** Shutters of the tube leave black borders on some exposures. */
function collimate(pixels: Uint8Array, { size }: Film, random: Random): void {
  const shutter: Box = {
    left: size * random.between(0, 0.04),
    right: size * random.between(0.96, 1),
    top: size * random.between(0, 0.03),
    bottom: size * random.between(0.97, 1),
  };
  for (let at = 0; at < pixels.length; at++) {
    const column = at % size;
    const row = Math.floor(at / size);
    const open = column >= shutter.left && column < shutter.right && row >= shutter.top && row < shutter.bottom;
    if (!open) pixels[at] = 0;
  }
}
