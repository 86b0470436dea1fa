import { meanColour } from '../occlusion.js';
import type { RawMap } from '../open-mapper.js';
import { shuffle } from './shuffle.js';

/** Shares of the image that are taken away, or put in, between nothing and all. */
const SHARES = [0.1, 0.2, 0.3, 0.5, 0.7] as const;

/** Cells of 16 x 16 pixels: maps of any fineness are judged by the same ones, as is chance. */
export const DELETION_CELLS = 14;

const COLOURS = 3;

/** Mean of a map over each of `cells` x `cells` equal squares; a coarser map gives each square the value of its own cell. */
export function cellMeans({ side, values }: RawMap, cells: number): Float64Array {
  const fine = Math.max(side, cells);
  const sums = new Float64Array(cells * cells);
  for (let y = 0; y < fine; y += 1) {
    for (let x = 0; x < fine; x += 1) {
      const value = values[Math.floor((y * side) / fine) * side + Math.floor((x * side) / fine)] ?? 0;
      const cell = Math.floor((y * cells) / fine) * cells + Math.floor((x * cells) / fine);
      sums[cell] = (sums[cell] ?? 0) + value;
    }
  }
  return sums.map((sum) => (sum * cells * cells) / (fine * fine));
}

/** The cells from the most important down; equal ones, such as four quarters of a coarse cell, in an order by chance. */
export function cellOrder(map: RawMap, random: () => number): number[] {
  const means = cellMeans(map, DELETION_CELLS);
  return randomOrder(random).sort((a, b) => (means[b] ?? 0) - (means[a] ?? 0));
}

export function randomOrder(random: () => number): number[] {
  return shuffle(
    Array.from({ length: DELETION_CELLS ** 2 }, (_, cell) => cell),
    random,
  );
}

/** The image with some cells shown and the others filled with its mean colour. */
export function withCells(rgb: Uint8Array, side: number, shown: (cell: number) => boolean): Float32Array {
  const colour = meanColour(rgb);
  const width = side / DELETION_CELLS;
  return Float32Array.from(rgb, (value, index) => {
    const pixel = Math.floor(index / COLOURS);
    const cell = Math.floor(Math.floor(pixel / side) / width) * DELETION_CELLS + Math.floor((pixel % side) / width);
    return shown(cell) ? value : (colour[index % COLOURS] ?? 0);
  });
}

export interface CurveRequest {
  readonly rgb: Uint8Array;
  readonly side: number;
  readonly order: readonly number[];
  readonly score: (rgb: Float32Array) => Promise<number>;
  /** The score of the whole image and of the flat one. */
  readonly whole: number;
  readonly flat: number;
}

/** Mean score while the cells are taken away in an order (deletion), or put into a flat image (insertion); Petsiuk 2018, arXiv 1806.07421. */
export async function curveAreas(request: CurveRequest): Promise<{ deletion: number; insertion: number }> {
  const { rgb, side, order, score, whole, flat } = request;
  const places = new Map(order.map((cell, place) => [cell, place]));
  const deletion: number[] = [whole];
  const insertion: number[] = [flat];
  for (const share of SHARES) {
    const count = Math.round(share * order.length);
    const first = (cell: number) => (places.get(cell) ?? 0) < count;
    deletion.push(await score(withCells(rgb, side, (cell) => !first(cell))));
    insertion.push(await score(withCells(rgb, side, first)));
  }
  return { deletion: areaOf([...deletion, flat]), insertion: areaOf([...insertion, whole]) };
}

/** Trapezoids over the shares from 0 to 1. */
function areaOf(scores: readonly number[]): number {
  const at = [0, ...SHARES, 1];
  return scores.slice(1).reduce((sum, score, index) => {
    const width = (at[index + 1] ?? 1) - (at[index] ?? 0);
    return sum + (width * (score + (scores[index] ?? 0))) / 2;
  }, 0);
}
