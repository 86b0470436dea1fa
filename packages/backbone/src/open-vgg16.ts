import { LoadedVgg16, type Vgg16 } from './loaded-vgg16.js';
import { type EngineChoice, openEngine } from './open-engine.js';
import { selfCheck } from './self-check.js';
import type { Vgg16Weights } from './weights.js';

export interface OpenVgg16Options {
  readonly weights: Vgg16Weights;
  /** `auto` unless told. */
  readonly engine?: EngineChoice;
  /** Threads of the engine, of all copies together; 1 unless told. */
  readonly threads?: number;
  /** Copies of the network that compute at once and share the threads; only onnx-cpu has more than 1, which is the default. */
  readonly copies?: number;
  /** Compute in a thread of its own, so that heartbeats and I/O go on. True unless told. */
  readonly worker?: boolean;
  /** Where `auto` keeps which graph a timing on this machine chose; without it, the plain one. */
  readonly cacheDir?: string;
  /** Folder with a node_modules of its own in which optional native packages (TensorFlow.js) are looked for. */
  readonly nativeModules?: string | undefined;
}

/**
 * Builds the graph, loads it and runs the self-check on the golden image. `auto` takes CUDA where onnxruntime-node
 * carries it and a device answers, else the CPU with the graph that is quicker on this machine. Throws `WeightsError` or `EngineUnavailableError`.
 */
export async function openVgg16(options: OpenVgg16Options): Promise<Vgg16> {
  const { weights, engine = 'auto', threads = 1, copies = 1, worker = true, cacheDir, nativeModules } = options;
  const model = new LoadedVgg16(
    await openEngine(weights, { engine, threads, copies, worker, cacheDir, nativeModules }),
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
