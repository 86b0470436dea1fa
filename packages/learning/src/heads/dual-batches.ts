import { type Tensor, tensor } from '@xvision/engines';

/** Images of a block, at most, unless a single batch has more. By measurement: docs/decisions/0151. */
const BLOCK_IMAGES = 100;

interface Batches {
  /** Rows of all batches, one after another. */
  readonly order: Tensor;
  /** Rows of each batch. */
  readonly sizes: Tensor;
  /** Rows of each block. */
  readonly blocks: Tensor;
  /** Batches of each block. */
  readonly steps: Tensor;
}

/**
 * The batches of every order, and the blocks that they are computed in: about equally long, none across the end of an
 * order, so that epochs run together and one by one give the same bits. A last batch of one image has no moments and is
 * skipped.
 */
export function batchesOf(orders: readonly Int32Array[], batchSize: number): Batches {
  const atOnce = Math.max(1, Math.floor(BLOCK_IMAGES / batchSize));
  const blocks = orders.flatMap((order) => split(batchesIn(order, batchSize), atOnce));
  const batches = blocks.flat();
  return {
    order: list(batches.flatMap((batch) => Array.from(batch))),
    sizes: list(batches.map(({ length }) => length)),
    blocks: list(blocks.map((block) => block.reduce((sum, { length }) => sum + length, 0))),
    steps: list(blocks.map(({ length }) => length)),
  };
}

function batchesIn(order: Int32Array, batchSize: number): Int32Array[] {
  const starts = Array.from({ length: Math.ceil(order.length / batchSize) }, (_, step) => step * batchSize);
  return starts.map((start) => order.subarray(start, start + batchSize)).filter(({ length }) => length > 1);
}

/** As few parts as hold at most so many each, of nearly equal length. */
function split<T>(items: readonly T[], atMost: number): T[][] {
  const parts = Math.ceil(items.length / atMost);
  const border = (part: number): number => Math.round((part * items.length) / parts);
  return Array.from({ length: parts }, (_, part) => items.slice(border(part), border(part + 1)));
}

function list(values: readonly number[]): Tensor {
  return tensor('int64', [values.length], BigInt64Array.from(values, BigInt));
}
