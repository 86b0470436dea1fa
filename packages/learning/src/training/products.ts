import { float32Of, OnnxGraph, openSession, type Session, tensor } from '@xvision/engines';
import { HIDDEN } from '../heads/dual-state.js';
import { fillGlorot } from '../random/glorot.js';
import { randomStream } from '../random/random-stream.js';
import type { SharedRows } from './shared-rows.js';

/**
 * Rows and inputs that are multiplied at a time. Fixed numbers, whatever the threads and the machine: the order of the
 * sums, and so the bits, depends on them. They bound the memory of a thread to some 20 MB however wide the rows are.
 */
const BLOCK = 256;
const CHUNK = 3_136;
/** Inputs of the first layer that are moved at a time; no sum runs over them. What they need stays in the processor's cache. */
const MOVED = 896;

/** Which network's initial weights are meant. */
export interface NetworkKey {
  readonly seed: number;
  readonly repeat: number;
  readonly member: number;
}

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
      project: await openSession(projectGraph(), { arena: false }),
      span: await openSession(spanGraph(), { arena: false }),
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

  /** X W1_0 for one network, written into the shared projection [count, hidden]. */
  async project(rows: SharedRows, projection: SharedRows, key: NetworkKey): Promise<void> {
    const fillNext = initialFirstLayer(rows.width, key);
    const room = new Float32Array(Math.min(CHUNK, rows.width) * HIDDEN);
    for (const chunk of chunksOf(rows.width, CHUNK)) {
      const own = room.subarray(0, chunk.size * HIDDEN);
      fillNext(own);
      const weights = tensor('float32', [chunk.size, HIDDEN], own);
      for (let index = 0; index * BLOCK < rows.count; index += 1) {
        const block = blockOf(rows, index);
        const [from, to] = [block.start * HIDDEN, (block.start + block.size) * HIDDEN];
        const results = await this.#project.run({
          rows: tensor('float32', [block.size, chunk.size], part(rows, block, chunk)),
          weights,
          sum: tensor('float32', [block.size, HIDDEN], new Float32Array(projection.values.subarray(from, to))),
        });
        projection.values.set(float32Of(results, 'product'), from);
      }
    }
  }

  /** The first layer in its ordinary form: scale · W1_0 + X^T span, where `span` has a row per row of X. */
  async firstLayer(
    rows: SharedRows,
    key: NetworkKey,
    { span, scale }: { span: Float32Array; scale: number },
  ): Promise<Float32Array> {
    const fillNext = initialFirstLayer(rows.width, key);
    const layer = new Float32Array(rows.width * HIDDEN);
    for (const chunk of chunksOf(rows.width, MOVED)) {
      const own = layer.subarray(chunk.start * HIDDEN, (chunk.start + chunk.size) * HIDDEN);
      fillNext(own);
      if (scale !== 1) own.forEach((value, index) => void (own[index] = value * scale));
      let weights: Float32Array = own;
      for (let index = 0; index * BLOCK < rows.count; index += 1) {
        const block = blockOf(rows, index);
        const ofBlock = span.subarray(block.start * HIDDEN, (block.start + block.size) * HIDDEN);
        const results = await this.#span.run({
          rows: tensor('float32', [block.size, chunk.size], part(rows, block, chunk)),
          span: tensor('float32', [block.size, HIDDEN], ofBlock),
          weights: tensor('float32', [chunk.size, HIDDEN], weights),
        });
        weights = float32Of(results, 'moved');
      }
      own.set(weights);
    }
    return layer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const session of [this.#gram, this.#project, this.#span]) await session[Symbol.asyncDispose]();
  }

  async #products(rows: Rows, left: Range, right: Range): Promise<Float32Array> {
    let sum: Float32Array = new Float32Array(left.size * right.size);
    for (const chunk of chunksOf(rows.width, CHUNK)) {
      const own = part(rows, left, chunk);
      const results = await this.#gram.run({
        left: tensor('float32', [left.size, chunk.size], own),
        right: tensor('float32', [right.size, chunk.size], left.start === right.start ? own : part(rows, right, chunk)),
        sum: tensor('float32', [left.size, right.size], sum),
      });
      sum = float32Of(results, 'product');
    }
    return sum;
  }
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

function chunksOf(width: number, most: number): Range[] {
  return Array.from({ length: Math.ceil(width / most) }, (_, index) => {
    const start = index * most;
    return { start, size: Math.min(width - start, most) };
  });
}

/** Some rows and some of their inputs as memory of this thread, which is what ONNX Runtime takes. */
function part({ values, width }: Rows, rows: Range, inputs: Range): Float32Array {
  const result = new Float32Array(rows.size * inputs.size);
  for (let row = 0; row < rows.size; row += 1) {
    const from = (rows.start + row) * width + inputs.start;
    result.set(values.subarray(from, from + inputs.size), row * inputs.size);
  }
  return result;
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
