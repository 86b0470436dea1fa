import { float32Of, openSession, type Session, type Tensor, type Tensors, tensor } from '@xvision/engines';
import { HIDDEN } from '../heads/dual-state.js';
import { initialFirstLayer, type NetworkKey } from './initial-layers.js';
import { gramGraph, projectGraph, spanGraph } from './product-graphs.js';
import type { SharedRows } from './shared-rows.js';

/**
 * Rows and inputs that are multiplied at a time. Fixed numbers, whatever the threads and the machine: the order of the
 * sums, and so the bits, depends on them. The fewer the products, the less their sums are carried to and fro; of more
 * inputs than these the rows no longer stay in the processor's cache.
 */
const BLOCK = 1_024;
const CHUNK = 1_792;
/** Of the kernel, whose results are small. */
const KERNEL_CHUNK = 3_136;
/** Rows of the kernel at a time: on its diagonal only what stands right of their first is computed. */
const STRIP = 128;

/** A first layer [inputs, hidden] as some of its rows after another. */
export type LayerPieces = readonly Float32Array[];

/** The large products with the feature rows themselves; one per thread. */
export class Products implements AsyncDisposable {
  readonly #gram: Session;
  readonly #project: Session;
  readonly #span: Session;
  readonly #spanOn: Session;

  private constructor(sessions: { gram: Session; project: Session; span: Session; spanOn: Session }) {
    this.#gram = sessions.gram;
    this.#project = sessions.project;
    this.#span = sessions.span;
    this.#spanOn = sessions.spanOn;
  }

  static async open(): Promise<Products> {
    return new Products({
      gram: await openSession(gramGraph(), { arena: false }),
      project: await openSession(projectGraph()),
      span: await openSession(spanGraph('drawn')),
      spanOn: await openSession(spanGraph('weights')),
    });
  }

  /** One block of X X^T and its mirror image, written into the kernel [count, count]. */
  async gramBlock(rows: Rows, kernel: Rows, [i, j]: readonly [number, number]): Promise<void> {
    const [left, right] = [blockOf(rows, i), blockOf(rows, j)];
    const strips = rangesOf(left.size, STRIP).map((strip) => new KernelStrip(strip, i === j ? strip.start : 0, right));
    const [leftRoom, rightRoom] = [room(), room()];
    for (const chunk of rangesOf(rows.width, KERNEL_CHUNK)) {
      const lefts = part(rows, [left, chunk], leftRoom);
      const rights = i === j ? lefts : part(rows, [right, chunk], rightRoom);
      for (const strip of strips) {
        const results = await this.#gram.run({
          left: rowsOf(lefts, strip.rows),
          right: rowsOf(rights, strip.columns),
          sum: tensor('float32', [strip.rows.size, strip.columns.size], strip.sum),
        });
        strip.sum = float32Of(results, 'product');
      }
    }
    for (const { rows: own, columns, sum } of strips) {
      for (let row = 0; row < own.size; row += 1) {
        const at = (left.start + own.start + row) * kernel.width + right.start + columns.start;
        kernel.values.set(sum.subarray(row * columns.size, (row + 1) * columns.size), at);
      }
    }
    mirror(kernel, left, right);
  }

  /** All rows times all rows, [count, count]. */
  async gram(rows: Rows): Promise<Float32Array> {
    const { count } = rows;
    const kernel = { values: new Float32Array(count * count), count, width: count };
    for (const pair of kernelBlocks(count)) await this.gramBlock(rows, kernel, pair);
    return kernel.values;
  }

  /**
   * X W1_0 for one network, written into the shared projection [count, hidden]. W1_0 is never in memory as a whole: to
   * keep it for {@link firstLayer} takes as long as to draw it again (decision 0148).
   */
  async project(rows: SharedRows, projection: SharedRows, key: NetworkKey): Promise<void> {
    const [draw, partRoom] = [drawer(rows.width, key), room()];
    const blocks = rangesOf(rows.count, BLOCK).map((block) => {
      const sum: Float32Array = new Float32Array(block.size * HIDDEN);
      return { block, sum };
    });
    for (const chunk of rangesOf(rows.width, CHUNK)) {
      const drawn = draw(chunk.size);
      for (const one of blocks) {
        const sum = tensor('float32', [one.block.size, HIDDEN], one.sum);
        const results = await this.#project.run({ rows: part(rows, [one.block, chunk], partRoom), sum, ...drawn });
        one.sum = float32Of(results, 'product');
      }
    }
    for (const { block, sum } of blocks) projection.values.set(sum, block.start * HIDDEN);
  }

  /** The first layer in its ordinary form: scale · W1_0 + X^T span, where `span` has a row per row of X. */
  async firstLayer(
    rows: SharedRows,
    key: NetworkKey,
    { span, scale }: { span: Float32Array; scale: number },
  ): Promise<LayerPieces> {
    const [draw, partRoom] = [drawer(rows.width, key), room()];
    const layer: Float32Array[] = [];
    for (const chunk of rangesOf(rows.width, CHUNK)) {
      const drawn = draw(chunk.size, scale);
      let moved: Float32Array | undefined;
      for (const block of rangesOf(rows.count, BLOCK)) {
        const ofBlock = span.subarray(block.start * HIDDEN, (block.start + block.size) * HIDDEN);
        const feeds = {
          rows: part(rows, [block, chunk], partRoom),
          span: tensor('float32', [block.size, HIDDEN], ofBlock),
        };
        const results: Tensors = await (moved === undefined
          ? this.#span.run({ ...feeds, ...drawn })
          : this.#spanOn.run({ ...feeds, weights: tensor('float32', [chunk.size, HIDDEN], moved) }));
        moved = float32Of(results, 'moved');
      }
      if (moved !== undefined) layer.push(moved);
    }
    return layer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const session of [this.#gram, this.#project, this.#span, this.#spanOn]) await session[Symbol.asyncDispose]();
  }
}

/** Some rows of a block of the kernel, of a block on the diagonal only what stands right of their first. */
class KernelStrip {
  readonly rows: Range;
  readonly columns: Range;
  sum: Float32Array;

  constructor(rows: Range, from: number, { size }: Range) {
    this.rows = rows;
    this.columns = { start: from, size: size - from };
    this.sum = new Float32Array(rows.size * this.columns.size);
  }
}

function rowsOf({ data, dims }: Tensor<'float32'>, { start, size }: Range): Tensor<'float32'> {
  const [, width = 0] = dims;
  return tensor('float32', [size, width], data.subarray(start * width, (start + size) * width));
}

/** What stands above the diagonal, written below it. */
function mirror({ values, width }: Rows, left: Range, right: Range): void {
  for (let row = left.start; row < left.start + left.size; row += 1) {
    for (let column = Math.max(right.start, row + 1); column < right.start + right.size; column += 1) {
      values[column * width + row] = values[row * width + column] ?? 0;
    }
  }
}

/** Memory that is used again and again: a page that is new to a process costs more than the product of its values. */
type Room = (size: number) => Float32Array;

function room(): Room {
  let values = new Float32Array(0);
  return (size) => {
    if (values.length < size) values = new Float32Array(size);
    return values.subarray(0, size);
  };
}

/** Some rows and some of their inputs as memory of this thread, which is what ONNX Runtime takes. */
function part({ values, width }: Rows, [rows, inputs]: readonly [Range, Range], given: Room): Tensor<'float32'> {
  const own = given(rows.size * inputs.size);
  for (let row = 0; row < rows.size; row += 1) {
    const from = (rows.start + row) * width + inputs.start;
    own.set(values.subarray(from, from + inputs.size), row * inputs.size);
  }
  return tensor('float32', [rows.size, inputs.size], own);
}

/** Rows wherever they are kept. */
export type Rows = Pick<SharedRows, 'count' | 'width'> & { readonly values: Float32Array };

interface Range {
  readonly start: number;
  readonly size: number;
}

/** Pairs of blocks that cover the kernel's upper half. */
export function kernelBlocks(count: number): [number, number][] {
  const blocks = Math.ceil(count / BLOCK);
  return Array.from({ length: blocks }, (_, i) =>
    Array.from({ length: blocks - i }, (_, step): [number, number] => [i, i + step]),
  ).flat();
}

/** Draws the initial weights of the inputs that come next, always into the same memory. */
function drawer(width: number, key: NetworkKey): (inputs: number, scale?: number) => Tensors {
  const { unit, fillNext } = initialFirstLayer(width, key);
  const drawn = new Int16Array(CHUNK * HIDDEN);
  return (inputs, scale = 1) => {
    const integers = drawn.subarray(0, inputs * HIDDEN);
    fillNext(integers);
    return {
      integers: tensor('int16', [inputs, HIDDEN], integers),
      unit: tensor('float32', [], Float32Array.of(scale * unit)),
    };
  };
}

function blockOf({ count }: Rows, index: number): Range {
  const start = index * BLOCK;
  return { start, size: Math.min(count - start, BLOCK) };
}

/** All of so many, in ranges of a size of which the last may fall short. */
function rangesOf(count: number, size: number): Range[] {
  return Array.from({ length: Math.ceil(count / size) }, (_, index) => {
    const start = index * size;
    return { start, size: Math.min(count - start, size) };
  });
}
