/** Brighter-than-its-neighbour over a 16 x 16 grid: 256 bits to the right, 256 downwards, 32 in each word. */
export type PerceptualHash = Uint32Array;

const GRID = 16;
const BITS = 2 * GRID * GRID;

/**
 * Pictures with at most this share of differing bits are taken for the same picture. Measured on jsrt128 and kermany: the same
 * radiograph again as JPEG of quality 50, at half size, blurred or with another gamma differs by at most .043; the
 * most alike radiographs of different patients by .088. Cropped or turned copies differ by .1 to .2 and need features.
 */
export const SAME_PICTURE = 0.06;

/** Hash of a square grey picture (the network input). Re-encoding, resizing and grey-level changes barely move it. */
export function perceptualHash(grey: ArrayLike<number>): PerceptualHash {
  const side = Math.sqrt(grey.length);
  if (!Number.isInteger(side) || side < GRID + 1) {
    throw new RangeError(`${grey.length} grey values are not a square picture of at least ${GRID + 1} pixels a side`);
  }
  const hash = new Uint32Array(BITS / 32);
  const across = blockMeans(grey, side, { columns: GRID + 1, rows: GRID });
  const down = blockMeans(grey, side, { columns: GRID, rows: GRID + 1 });
  for (let cell = 0; cell < GRID * GRID; cell += 1) {
    const row = Math.floor(cell / GRID);
    const left = cell + row;
    if (at(across, left) < at(across, left + 1)) setBit(hash, cell);
    if (at(down, cell) < at(down, cell + GRID)) setBit(hash, GRID * GRID + cell);
  }
  return hash;
}

/** The share of bits in which two hashes differ: 0 = alike, about .5 = unrelated. */
export function hashDistance(first: PerceptualHash, second: PerceptualHash): number {
  let bits = 0;
  for (const [i, word] of first.entries()) bits += ones(word ^ (second[i] ?? 0));
  return bits / BITS;
}

export interface NearDuplicate {
  /** Positions in the list given; the first is the smaller. */
  readonly first: number;
  readonly second: number;
  readonly distance: number;
}

/** Every pair of pictures that are taken for the same, the most alike first. Compares all pairs: 28 million a second or so. */
export function findNearDuplicates(hashes: readonly PerceptualHash[], limit = SAME_PICTURE): NearDuplicate[] {
  const pairs: NearDuplicate[] = [];
  for (const [first, hash] of hashes.entries()) {
    for (let second = first + 1; second < hashes.length; second += 1) {
      const distance = hashDistance(hash, hashes[second] ?? hash);
      if (distance <= limit) pairs.push({ first, second, distance });
    }
  }
  return pairs.sort((a, b) => a.distance - b.distance || a.first - b.first || a.second - b.second);
}

function blockMeans(grey: ArrayLike<number>, side: number, grid: { columns: number; rows: number }): Float64Array {
  const { columns, rows } = grid;
  const means = new Float64Array(columns * rows);
  for (let block = 0; block < means.length; block += 1) {
    const [row, column] = [Math.floor(block / columns), block % columns];
    const [top, bottom] = [Math.floor((row * side) / rows), Math.floor(((row + 1) * side) / rows)];
    const [left, right] = [Math.floor((column * side) / columns), Math.floor(((column + 1) * side) / columns)];
    let sum = 0;
    for (let y = top; y < bottom; y += 1) for (let x = left; x < right; x += 1) sum += at(grey, y * side + x);
    means[block] = sum / ((bottom - top) * (right - left));
  }
  return means;
}

function setBit(hash: PerceptualHash, bit: number): void {
  const word = Math.floor(bit / 32);
  hash[word] = at(hash, word) | (1 << (bit % 32));
}

/** Number of set bits of a 32-bit word. */
function ones(word: number): number {
  let x = word - ((word >>> 1) & 0x5555_5555);
  x = (x & 0x3333_3333) + ((x >>> 2) & 0x3333_3333);
  return (((x + (x >>> 4)) & 0x0f0f_0f0f) * 0x0101_0101) >>> 24;
}

function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? 0;
}
