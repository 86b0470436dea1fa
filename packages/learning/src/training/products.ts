import { float32Of, OnnxGraph, openSession, type Session, type Tensor, tensor } from '@xvision/engines';
import { HIDDEN } from '../heads/dual-state.js';
import { fillGlorot } from '../random/glorot.js';
import { randomStream } from '../random/random-stream.js';
import type { SharedRows } from './shared-rows.js';

/**
 * Rows and inputs that are multiplied at a time. Fixed numbers, whatever the threads and the machine: the order of the
 * sums, and so the bits, depends on them. What a product reads and writes at a time stays in the processor's cache.
 */
const BLOCK = 256;
const CHUNK = 896;
/** Of the kernel, whose results are small: the longer the sums of one product, the less they are carried to and fro. */
const KERNEL_CHUNK = 3_136;
/** Rows that the first layer takes up at a time: its own memory, 2 MB a piece, is gone through once for each block. */
const SPAN_BLOCK = 1_024;

/** Which network's initial weights are meant. */
export interface NetworkKey {
  readonly seed: number;
  readonly repeat: number;
  readonly member: number;
}

/** A first layer [inputs, hidden] as some of its rows after another. */
export type LayerPieces = readonly Float32Array[];

/** The large products with the feature rows themselves; one per thread. */
export class Products implements AsyncDisposable {
  readonly #gram: Session;
  readonly #project: Session;
  readonly #span: Session;

  private constructor(sessions: { gram: Session; project: Session; span: Session }) {
    this.#gram = sessions.gram;
    this.#project = sessions.project;
    this.#span = sessions.span;
  }

  static async open(): Promise<Products> {
    return new Products({
      gram: await openSession(gramGraph(), { arena: false }),
      project: await openSession(projectGraph()),
      span: await openSession(spanGraph()),
    });
  }

  /** One block of X X^T and its mirror image, written into the shared kernel. */
  async gramBlock(rows: SharedRows, kernel: SharedRows, [i, j]: readonly [number, number]): Promise<void> {
    const [left, right] = [blockOf(rows, i), blockOf(rows, j)];
    const values = await this.#products(rows, left, right);
    for (let a = 0; a < left.size; a += 1) {
      for (let b = 0; b < right.size; b += 1) {
        const value = values[a * right.size + b] ?? 0;
        kernel.values[(left.start + a) * kernel.width + right.start + b] = value;
        kernel.values[(right.start + b) * kernel.width + left.start + a] = value;
      }
    }
  }

  /** All rows times all rows, [count, count]. */
  async gram(rows: Rows): Promise<Float32Array> {
    const all = { start: 0, size: rows.count };
    return this.#products(rows, all, all);
  }

  /**
   * X W1_0 for one network, written into the shared projection [count, hidden]. W1_0 is never in memory as a whole: to
   * keep it for {@link firstLayer} takes as long as to draw it again (decision 0148).
   */
  async project(rows: SharedRows, projection: SharedRows, key: NetworkKey): Promise<void> {
    const fillNext = initialFirstLayer(rows.width, key);
    const [partRoom, weightsRoom] = [room(), room()];
    const blocks = rangesOf(rows.count, BLOCK).map((block) => {
      const sum: Float32Array = new Float32Array(block.size * HIDDEN);
      return { block, sum };
    });
    for (const chunk of rangesOf(rows.width, CHUNK)) {
      const own = weightsRoom(chunk.size * HIDDEN);
      fillNext(own);
      const weights = tensor('float32', [chunk.size, HIDDEN], own);
      for (const one of blocks) {
        const sum = tensor('float32', [one.block.size, HIDDEN], one.sum);
        const results = await this.#project.run({ rows: part(rows, [one.block, chunk], partRoom), weights, sum });
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
    const fillNext = initialFirstLayer(rows.width, key);
    const [partRoom, weightsRoom] = [room(), room()];
    const layer: Float32Array[] = [];
    for (const chunk of rangesOf(rows.width, CHUNK)) {
      let moved = weightsRoom(chunk.size * HIDDEN);
      fillNext(moved);
      if (scale !== 1) moved = moved.map((value) => value * scale);
      for (const block of rangesOf(rows.count, SPAN_BLOCK)) {
        const ofBlock = span.subarray(block.start * HIDDEN, (block.start + block.size) * HIDDEN);
        const results = await this.#span.run({
          rows: part(rows, [block, chunk], partRoom),
          span: tensor('float32', [block.size, HIDDEN], ofBlock),
          weights: tensor('float32', [chunk.size, HIDDEN], moved),
        });
        moved = float32Of(results, 'moved');
      }
      layer.push(moved);
    }
    return layer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const session of [this.#gram, this.#project, this.#span]) await session[Symbol.asyncDispose]();
  }

  async #products(rows: Rows, left: Range, right: Range): Promise<Float32Array> {
    const [leftRoom, rightRoom] = [room(), room()];
    let sum: Float32Array = new Float32Array(left.size * right.size);
    for (const chunk of rangesOf(rows.width, KERNEL_CHUNK)) {
      const own = part(rows, [left, chunk], leftRoom);
      const results = await this.#gram.run({
        left: own,
        right: left.start === right.start ? own : part(rows, [right, chunk], rightRoom),
        sum: tensor('float32', [left.size, right.size], sum),
      });
      sum = float32Of(results, 'product');
    }
    return sum;
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

/** The seeded first layer of a network before training: each call fills its argument with the weights that come next. */
export function initialFirstLayer(width: number, { seed, repeat, member }: NetworkKey): (target: Float32Array) => void {
  const stream = randomStream('first-layer', seed, repeat, member);
  return (target) => fillGlorot(target, { rows: width, columns: HIDDEN }, stream);
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

function gramGraph(): Uint8Array {
  const graph = new OnnxGraph('gram');
  const left = graph.input('left', 'float32', ['a', 'd']);
  const right = graph.input('right', 'float32', ['b', 'd']);
  const sum = graph.input('sum', 'float32', ['a', 'b']);
  graph.output(graph.node('Gemm', [left, right, sum], { transB: 1 }), 'float32', { dims: ['a', 'b'], as: 'product' });
  return graph.encode();
}

function projectGraph(): Uint8Array {
  const graph = new OnnxGraph('project');
  const rows = graph.input('rows', 'float32', ['a', 'd']);
  const weights = graph.input('weights', 'float32', ['d', HIDDEN]);
  const sum = graph.input('sum', 'float32', ['a', HIDDEN]);
  graph.output(graph.node('Gemm', [rows, weights, sum]), 'float32', { dims: ['a', HIDDEN], as: 'product' });
  return graph.encode();
}

function spanGraph(): Uint8Array {
  const graph = new OnnxGraph('span');
  const rows = graph.input('rows', 'float32', ['a', 'd']);
  const span = graph.input('span', 'float32', ['a', HIDDEN]);
  const weights = graph.input('weights', 'float32', ['d', HIDDEN]);
  const moved = graph.node('Gemm', [rows, span, weights], { transA: 1 });
  graph.output(moved, 'float32', { dims: ['d', HIDDEN], as: 'moved' });
  return graph.encode();
}
