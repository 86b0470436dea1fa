import { POOL5_LENGTH } from '@xvision/contracts';
import { type EngineDescription, engineLabel, float32Of, type Session, tensor } from '@xvision/engines';
import type { GraphVariant } from './graph-variant.js';
import { type EngineChoice, type OpenedEngine, openEngine } from './open-engine.js';
import { selfCheck } from './self-check.js';
import { INPUT_LENGTH, INPUT_SIDE } from './vgg16-architecture.js';
import { GRAPH_INPUT, GRAPH_OUTPUT } from './vgg16-graph.js';
import type { Vgg16Weights } from './weights.js';

export interface OpenVgg16Options {
  readonly weights: Vgg16Weights;
  /** `auto` unless told. */
  readonly engine?: EngineChoice;
  /** Threads of the engine; 1 unless told. */
  readonly threads?: number;
  /** Compute in a thread of its own, so that heartbeats and I/O go on. True unless told. */
  readonly worker?: boolean;
  /** Where `auto` keeps which graph a timing on this machine chose; without it, the plain one. */
  readonly cacheDir?: string;
  /** Folder with a node_modules of its own in which optional native packages (TensorFlow.js) are looked for. */
  readonly nativeModules?: string | undefined;
}

export interface Vgg16Description extends EngineDescription {
  readonly variant: GraphVariant;
  /** What events and catalogue rows carry, for example `onnx-cpu winograd (onnxruntime-node 1.30.0, cpu, 2 threads)`. */
  readonly label: string;
  /** Why this engine was taken. */
  readonly reason: string;
}

/** VGG16 up to pool5, loaded and checked. */
export interface Vgg16 extends AsyncDisposable {
  readonly weightsIdentity: string;
  readonly trained: boolean;
  /** What the features' numbers depend on beside the weights; part of the feature key. */
  readonly numerics: 'float32';
  /**
   * pool5 of `count` images (uint8 RGB NHWC, count x 150,528 bytes) as count x 25,088 float32, row by row, NHWC.
   * An image gives the same row alone and in any batch.
   */
  pool5(rgb: Uint8Array, count: number): Promise<Float32Array>;
  describe(): Vgg16Description;
}

/**
 * Builds the graph, loads it and runs the self-check on the golden image. `auto` takes CUDA where onnxruntime-node
 * carries it and a device answers, else the CPU with the graph that is quicker on this machine. Throws `WeightsError` or `EngineUnavailableError`.
 */
export async function openVgg16(options: OpenVgg16Options): Promise<Vgg16> {
  const { weights, engine = 'auto', threads = 1, worker = true, cacheDir, nativeModules } = options;
  const model = new LoadedVgg16(
    await openEngine(weights, { engine, threads, worker, cacheDir, nativeModules }),
    weights,
  );
  try {
    await selfCheck((rgb) => model.pool5(rgb, 1), {
      trained: weights.trained,
      what: `VGG16 on ${model.describe().label} with weights from ${weights.origin}`,
    });
    return model;
  } catch (error) {
    await model[Symbol.asyncDispose]();
    throw error;
  }
}

class LoadedVgg16 implements Vgg16 {
  readonly weightsIdentity: string;
  readonly trained: boolean;
  readonly numerics = 'float32';
  readonly #session: Session;
  readonly #description: Vgg16Description;

  constructor({ session, variant, reason }: OpenedEngine, weights: Vgg16Weights) {
    const engine = session.describe();
    this.#session = session;
    this.#description = { ...engine, variant, label: engineLabel(engine, variant), reason };
    this.weightsIdentity = weights.identity;
    this.trained = weights.trained;
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
