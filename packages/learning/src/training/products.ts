import { float32Of, OnnxGraph, openSession, type Session, tensor } from '@xvision/engines';
import { HIDDEN } from '../heads/dual-state.js';
import { glorotUniform } from '../random/glorot.js';
import { randomStream } from '../random/random-stream.js';
import { copyRows, type SharedRows } from './shared-rows.js';

/**
 * Rows that are multiplied at a time. A fixed number, whatever the threads and the machine: the sums, and so the bits,
 * depend on it; and it bounds the memory of a thread to 26 MB of rows.
 */
export const BLOCK = 256;

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
    const [left, right] = [block(rows, i), block(rows, j)];
    const results = await this.#gram.run({
      left: tensor('float32', [left.size, rows.width], left.values),
      right: tensor('float32', [right.size, rows.width], i === j ? left.values : right.values),
    });
    const values = float32Of(results, 'product');
    for (let a = 0; a < left.size; a += 1) {
      for (let b = 0; b < right.size; b += 1) {
        const value = values[a * right.size + b] ?? 0;
        kernel.values[(left.start + a) * kernel.width + right.start + b] = value;
        kernel.values[(right.start + b) * kernel.width + left.start + a] = value;
      }
    }
  }

  /** Any rows times any other: [left, right]. */
  async gram(left: Float32Array, right: Float32Array, width: number): Promise<Float32Array> {
    const results = await this.#gram.run({
      left: tensor('float32', [left.length / width, width], left),
      right: tensor('float32', [right.length / width, width], right),
    });
    return float32Of(results, 'product');
  }

  /** X W1_0 for one network, written into the shared projection [count, hidden]. */
  async project(rows: SharedRows, projection: SharedRows, key: NetworkKey): Promise<void> {
    const weights = tensor('float32', [rows.width, HIDDEN], initialFirstLayer(rows.width, key));
    for (let index = 0; index * BLOCK < rows.count; index += 1) {
      const { start, size, values } = block(rows, index);
      const results = await this.#project.run({ rows: tensor('float32', [size, rows.width], values), weights });
      projection.values.set(float32Of(results, 'product'), start * HIDDEN);
    }
  }

  /** The first layer in its ordinary form: scale · W1_0 + X^T span, where `span` has a row per row of X. */
  async firstLayer(
    rows: SharedRows,
    key: NetworkKey,
    { span, scale }: { span: Float32Array; scale: number },
  ): Promise<Float32Array> {
    let weights: Float32Array = initialFirstLayer(rows.width, key);
    if (scale !== 1) weights = weights.map((value) => value * scale);
    for (let index = 0; index * BLOCK < rows.count; index += 1) {
      const { start, size, values } = block(rows, index);
      const results = await this.#span.run({
        rows: tensor('float32', [size, rows.width], values),
        span: tensor('float32', [size, HIDDEN], span.slice(start * HIDDEN, (start + size) * HIDDEN)),
        weights: tensor('float32', [rows.width, HIDDEN], weights),
      });
      weights = float32Of(results, 'moved');
    }
    return weights;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const session of [this.#gram, this.#project, this.#span]) await session[Symbol.asyncDispose]();
  }
}

/** Pairs of blocks that cover the kernel's upper half. */
export function kernelBlocks(count: number): [number, number][] {
  const blocks = Math.ceil(count / BLOCK);
  return Array.from({ length: blocks }, (_, i) =>
    Array.from({ length: blocks - i }, (_, step): [number, number] => [i, i + step]),
  ).flat();
}

/** The seeded first layer of a network before training. */
export function initialFirstLayer(width: number, { seed, repeat, member }: NetworkKey): Float32Array {
  return glorotUniform(width, HIDDEN, randomStream('first-layer', seed, repeat, member));
}

function block(rows: SharedRows, index: number): { start: number; size: number; values: Float32Array } {
  const start = index * BLOCK;
  const end = Math.min(rows.count, start + BLOCK);
  return { start, size: end - start, values: copyRows(rows, start, end) };
}

function gramGraph(): Uint8Array {
  const graph = new OnnxGraph('gram');
  const left = graph.input('left', 'float32', ['a', 'd']);
  const right = graph.input('right', 'float32', ['b', 'd']);
  graph.output(graph.node('Gemm', [left, right], { transB: 1 }), 'float32', { dims: ['a', 'b'], as: 'product' });
  return graph.encode();
}

function projectGraph(): Uint8Array {
  const graph = new OnnxGraph('project');
  const rows = graph.input('rows', 'float32', ['a', 'd']);
  const weights = graph.input('weights', 'float32', ['d', HIDDEN]);
  graph.output(graph.node('MatMul', [rows, weights]), 'float32', { dims: ['a', HIDDEN], as: 'product' });
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
