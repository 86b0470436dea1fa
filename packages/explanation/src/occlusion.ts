const COLOURS = 3;

/** Of the patch, in pixels of the network input. */
export const OCCLUSION_PATCH = 32;
/** How far the patch moves; also the side of a cell of the map. */
export const OCCLUSION_STRIDE = 16;

export interface OcclusionRequest {
  /** Square, RGB, row-major. */
  readonly rgb: Uint8Array | Float32Array;
  readonly side: number;
  readonly patch: number;
  /** Divides the patch and the side. */
  readonly stride: number;
  readonly score: (rgb: Float32Array) => Promise<number>;
}

/** The mean of each colour: what a patch is filled with, so that it tells nothing but the image's brightness. */
export function meanColour(rgb: Uint8Array | Float32Array): [number, number, number] {
  const sums: [number, number, number] = [0, 0, 0];
  for (let start = 0; start < rgb.length; start += COLOURS) {
    sums[0] += rgb[start] ?? 0;
    sums[1] += rgb[start + 1] ?? 0;
    sums[2] += rgb[start + 2] ?? 0;
  }
  const pixels = rgb.length / COLOURS;
  return [sums[0] / pixels, sums[1] / pixels, sums[2] / pixels];
}

/** Fills a square of cells, cut off at the border, in place. */
function fillSquare(
  rgb: Float32Array,
  { left, top, patch, side }: { left: number; top: number; patch: number; side: number },
  colour: readonly [number, number, number],
): void {
  for (let y = top; y < Math.min(side, top + patch); y += 1)
    for (let x = left; x < Math.min(side, left + patch); x += 1) rgb.set(colour, (y * side + x) * COLOURS);
}

/**
 * How much the score falls when a part of the image is hidden (Zeiler & Fergus 2014, arXiv 1311.2901): a patch filled with
 * the image's mean colour goes over the image, and each cell of side `stride` gets the mean fall over the patches that
 * cover it. Signed: below 0 where hiding helps. Row-major, (side / stride)² values.
 */
export async function occlusionMap(request: OcclusionRequest): Promise<Float32Array> {
  const { rgb, side, patch, stride, score } = request;
  if (rgb.length !== side * side * COLOURS) throw new RangeError(`${rgb.length} values are no image of side ${side}`);
  if (side % stride !== 0 || patch % stride !== 0 || patch > side)
    throw new RangeError(`a stride of ${stride} divides neither the patch of ${patch} nor the side of ${side} evenly`);
  const whole = Float32Array.from(rgb);
  const colour = meanColour(rgb);
  const before = await score(whole);
  const cells = side / stride;
  const covered = patch / stride;
  const sums = new Float64Array(cells * cells);
  const counts = new Uint16Array(cells * cells);
  for (let row = 0; row <= cells - covered; row += 1) {
    for (let column = 0; column <= cells - covered; column += 1) {
      const hidden = whole.slice();
      fillSquare(hidden, { left: column * stride, top: row * stride, patch, side }, colour);
      const fall = before - (await score(hidden));
      for (let place = 0; place < covered * covered; place += 1) {
        const cell = (row + Math.floor(place / covered)) * cells + column + (place % covered);
        sums[cell] = (sums[cell] ?? 0) + fall;
        counts[cell] = (counts[cell] ?? 0) + 1;
      }
    }
  }
  return Float32Array.from(sums, (sum, cell) => sum / (counts[cell] ?? 1));
}
