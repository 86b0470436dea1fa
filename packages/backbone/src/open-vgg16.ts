import { POOL5_LENGTH } from '@xvision/contracts';
import {
  availableEngines,
  type EngineDescription,
  type EngineName,
  float32Of,
  openSession,
  openWorkerSession,
  type Session,
  tensor,
} from '@xvision/engines';
import { selfCheck } from './self-check.js';
import { INPUT_LENGTH, INPUT_SIDE } from './vgg16-architecture.js';
import { buildVgg16Graph, GRAPH_INPUT, GRAPH_OUTPUT } from './vgg16-graph.js';
import type { Vgg16Weights } from './weights.js';

/** `auto` takes the fastest exact engine that is installed; see {@link openVgg16}. */
export type EngineChoice = EngineName | 'auto';

export interface OpenVgg16Options {
  readonly weights: Vgg16Weights;
  /** `auto` unless told. */
  readonly engine?: EngineChoice;
  /** Threads of the engine; 1 unless told. */
  readonly threads?: number;
  /** Compute in a thread of its own, so that heartbeats and I/O go on. True unless told. */
  readonly worker?: boolean;
}

export interface Vgg16Description extends EngineDescription {
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
 * carries it and a device answers, else the CPU. Throws `WeightsError` or `EngineUnavailableError`.
 */
export async function openVgg16(options: OpenVgg16Options): Promise<Vgg16> {
  const { weights, engine = 'auto', threads = 1, worker = true } = options;
  const { session, reason } = await openEngine(weights, { engine, threads, worker });
  const model = new LoadedVgg16(session, weights, reason);
  try {
    const { library, device } = model.describe();
    await selfCheck((rgb) => model.pool5(rgb, 1), {
      trained: weights.trained,
      what: `VGG16 on ${library} (${device}) with weights from ${weights.origin}`,
    });
    return model;
  } catch (error) {
    await model[Symbol.asyncDispose]();
    throw error;
  }
}

async function openEngine(
  weights: Vgg16Weights,
  { engine, threads, worker }: { engine: EngineChoice; threads: number; worker: boolean },
): Promise<{ session: Session; reason: string }> {
  const open = (name: EngineName): Promise<Session> => {
    const graph = buildVgg16Graph(weights);
    return worker
      ? openWorkerSession(graph, { engine: name, threads, moveModel: true })
      : openSession(graph, { engine: name, threads });
  };
  if (engine !== 'auto') return { session: await open(engine), reason: 'asked for' };
  const installed = await availableEngines();
  if (!installed.some(({ engine }) => engine === 'onnx-cuda')) {
    return { session: await open('onnx-cpu'), reason: 'auto: the library carries no CUDA' };
  }
  try {
    return { session: await open('onnx-cuda'), reason: 'auto: CUDA answers' };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { session: await open('onnx-cpu'), reason: `auto: CUDA does not answer (${reason})` };
  }
}

class LoadedVgg16 implements Vgg16 {
  readonly weightsIdentity: string;
  readonly trained: boolean;
  readonly numerics = 'float32';
  readonly #session: Session;
  readonly #reason: string;

  constructor(session: Session, weights: Vgg16Weights, reason: string) {
    this.#session = session;
    this.#reason = reason;
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
    return { ...this.#session.describe(), reason: this.#reason };
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#session[Symbol.asyncDispose]();
  }
}
