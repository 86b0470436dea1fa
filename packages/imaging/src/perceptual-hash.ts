import { luminance } from './grey-statistics.js';
import { PREPARED_SIDE } from './resize-bicubic.js';

/** Cells a side that the image is averaged to; 224 / 32 = 7 pixels each. */
const CELLS = 32;

/** Chest radiographs share their lowest frequencies, so the hash looks at the 8 x 8 from here on. */
const FIRST_FREQUENCY = 5;
const FREQUENCIES = 8;

const COSINES = Array.from({ length: FREQUENCIES }, (_, index) =>
  Float64Array.from({ length: CELLS }, (_, cell) =>
    Math.cos((Math.PI * (cell + 0.5) * (FIRST_FREQUENCY + index)) / CELLS),
  ),
);

/**
 * 64 bits as 16 hexadecimal digits: the signs of 8 x 8 cosine coefficients of a network input (224 x 224, grey or RGB).
 * Brightness and contrast do not move signs; compression and resizing hardly do.
 */
export function perceptualHash(pixels: Uint8Array): string {
  const cells = cellMeans(pixels);
  let hash = 0n;
  for (const vertical of COSINES) {
    for (const horizontal of COSINES) {
      let sum = 0;
      for (let y = 0; y < CELLS; y++) {
        let row = 0;
        for (let x = 0; x < CELLS; x++) row += (cells[y * CELLS + x] ?? 0) * (horizontal[x] ?? 0);
        sum += row * (vertical[y] ?? 0);
      }
      hash = (hash << 1n) | (sum > 0 ? 1n : 0n);
    }
  }
  return toHex(hash);
}

/** Coefficients of odd horizontal frequency change sign in the mirror: 5, 7, 9 and 11, the even places of each row. */
const ODD_FREQUENCIES = BigInt('0xaaaaaaaaaaaaaaaa');

/** The hash of the mirror image, from the hash alone. Compare with both: a mirrored copy is a duplicate as well. */
export function mirroredHash(hash: string): string {
  return toHex(BigInt(`0x${hash}`) ^ ODD_FREQUENCIES);
}

/** Bits in which two hashes differ, 0 to 64. Unrelated images are about 24 to 32 apart. */
export function hammingDistance(one: string, other: string): number {
  let difference = BigInt(`0x${one}`) ^ BigInt(`0x${other}`);
  let count = 0;
  for (; difference > 0n; difference &= difference - 1n) count++;
  return count;
}

function cellMeans(pixels: Uint8Array): Float64Array {
  const channels = pixels.length / (PREPARED_SIDE * PREPARED_SIDE);
  if (channels !== 1 && channels !== 3) {
    throw new Error(`a perceptual hash is taken of a 224 x 224 grey or RGB image, not of ${pixels.length} samples`);
  }
  const grey = luminance({ width: PREPARED_SIDE, height: PREPARED_SIDE, channels, pixels });
  const cells = new Float64Array(CELLS * CELLS);
  const side = PREPARED_SIDE / CELLS;
  for (let index = 0; index < grey.length; index++) {
    const x = Math.floor((index % PREPARED_SIDE) / side);
    const y = Math.floor(Math.floor(index / PREPARED_SIDE) / side);
    cells[y * CELLS + x] = (cells[y * CELLS + x] ?? 0) + (grey[index] ?? 0);
  }
  return cells;
}

function toHex(hash: bigint): string {
  return hash.toString(16).padStart(16, '0');
}
