import { POOL5_LENGTH } from '@xvision/contracts';
import { type EngineDescription, engineLabel, float32Of, type Session, tensor } from '@xvision/engines';
import type { GraphVariant } from './graph-variant.js';
import { INPUT_LENGTH, INPUT_SIDE } from './vgg16-architecture.js';
import { GRAPH_INPUT, GRAPH_OUTPUT } from './vgg16-graph.js';
import type { Vgg16Weights } from './weights.js';

/** Which form of the network runs; `int8` is the only one that is not exact. */
export type Variant = GraphVariant | 'int8';

export interface Vgg16Description extends EngineDescription {
  readonly variant: Variant;
  /** What events and catalogue rows carry, for example `onnx-cpu winograd (onnxruntime-node 1.30.0, cpu, 2 threads)`. */
  readonly label: string;
  /** Why this engine was taken. */
  readonly reason: string;
}

/** VGG16 up to pool5, loaded and checked. */
export interface Vgg16 extends AsyncDisposable {
  readonly weightsIdentity: string;
  readonly trained: boolean;
  /** What the features' numbers depend on beside the weights; part of the feature key. `float32` for every exact engine. */
  readonly numerics: string;
  /**
   * pool5 of `count` images (uint8 RGB NHWC, count x 150,528 bytes) as count x 25,088 float32, row by row, NHWC.
   * An image gives the same row alone and in any batch.
   */
  pool5(rgb: Uint8Array, count: number): Promise<Float32Array>;
  describe(): Vgg16Description;
}

export interface LoadedSession {
  readonly session: Session;
  readonly variant: Variant;
  readonly reason: string;
  /** `float32` unless told. */
  readonly numerics?: string;
}

/** A session that runs one of the forms of VGG16. */
export class LoadedVgg16 implements Vgg16 {
  readonly weightsIdentity: string;
  readonly trained: boolean;
  readonly numerics: string;
  readonly #session: Session;
  readonly #description: Vgg16Description;

  constructor({ session, variant, reason, numerics = 'float32' }: LoadedSession, weights: Vgg16Weights) {
    const engine = session.describe();
    this.#session = session;
    this.#description = { ...engine, variant, label: engineLabel(engine, variant), reason };
    this.weightsIdentity = weights.identity;
    this.trained = weights.trained;
    this.numerics = numerics;
  }

  async pool5(rgb: Uint8Array, count: number): Promise<Float32Array> {
    if (rgb.length !== count * INPUT_LENGTH) {
      throw new RangeError(`${count} images have ${count * INPUT_LENGTH} RGB bytes, not ${rgb.length}`);
    }
    const result = await this.#session.run({
      [GRAPH_INPUT]: tensor('uint8', [count, INPUT_SIDE, INPUT_SIDE, 3], rgb),
    });
    const rows = float32Of(result, GRAPH_OUTPUT);
    if (rows.length !== count * POOL5_LENGTH) {
      throw new Error(`the engine gave ${rows.length} values for ${count} images, expected ${count * POOL5_LENGTH}`);
    }
    return rows;
  }

  describe(): Vgg16Description {
    return this.#description;
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#session[Symbol.asyncDispose]();
  }
}
