import { env, InferenceSession, listSupportedBackends, Tensor as OrtTensor } from 'onnxruntime-node';
import { cudaProvider, refuseTf32 } from './cuda-provider.js';
import {
  type EngineDescription,
  type EngineName,
  EngineUnavailableError,
  type ModelSource,
  type Session,
  type SessionOptions,
} from './session.js';
import type { ElementType, Tensor, Tensors } from './tensor.js';

// What goes wrong is thrown with its message; the library would write it to stderr as well.
env.logLevel = 'fatal';

/** ONNX Runtime's name for the provider behind each of our engines. */
const PROVIDERS = { 'onnx-cpu': 'cpu', 'onnx-cuda': 'cuda', 'onnx-webgpu': 'webgpu' } as const;

export type OnnxEngineName = keyof typeof PROVIDERS;

const ELEMENT_TYPES: ReadonlySet<string> = new Set<ElementType>([
  'float32',
  'float64',
  'uint8',
  'int8',
  'int16',
  'int32',
  'int64',
  'bool',
]);

export function isOnnxEngine(engine: EngineName): engine is OnnxEngineName {
  return Object.hasOwn(PROVIDERS, engine);
}

/** The ONNX engines whose provider onnxruntime-node carries here, whether or not a device is there. */
export function bundledOnnxEngines(): OnnxEngineName[] {
  const bundled = new Set(listSupportedBackends().flatMap(({ name, bundled }) => (bundled ? [name] : [])));
  if (cudaProvider() !== undefined) bundled.add(PROVIDERS['onnx-cuda']);
  return (Object.keys(PROVIDERS) as OnnxEngineName[]).filter((engine) => bundled.has(PROVIDERS[engine]));
}

/** `onnxruntime-node 1.30.0`, as the library reports itself. */
export function onnxLibrary(): string {
  return `onnxruntime-node ${env.versions.node ?? env.versions.common}`;
}

/** Loads a graph on ONNX Runtime. Its `run` computes on the calling thread: see `openWorkerSession`. */
export async function openOnnxSession(
  model: ModelSource,
  engine: OnnxEngineName,
  { threads = 1, arena = true }: SessionOptions,
): Promise<Session> {
  const options: InferenceSession.SessionOptions = {
    executionProviders: [PROVIDERS[engine]],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    enableCpuMemArena: arena,
    enableMemPattern: arena,
    // 3 = errors only: the library's warnings about its own graph rewriting would otherwise reach stderr.
    logSeverityLevel: 3,
    // Spinning threads burn a whole core each while they wait for the next operator.
    extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
  };
  return new OnnxSession(await load(model, engine, options), { engine, threads });
}

async function load(
  model: ModelSource,
  engine: OnnxEngineName,
  options: InferenceSession.SessionOptions,
): Promise<InferenceSession> {
  if (engine === 'onnx-cuda') refuseTf32();
  try {
    return await (typeof model === 'string'
      ? InferenceSession.create(model, options)
      : InferenceSession.create(model, options));
  } catch (error) {
    if (engine === 'onnx-cpu') throw error;
    const reason = (error instanceof Error ? error.message : String(error)).trim();
    throw new EngineUnavailableError(
      `${engine} cannot start on this machine (${reason}). Use ENGINE=onnx-cpu, or install what it asks for.`,
      { cause: error },
    );
  }
}

class OnnxSession implements Session {
  readonly #session: InferenceSession;
  readonly #engine: OnnxEngineName;
  readonly #threads: number;
  #tail: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(session: InferenceSession, { engine, threads }: { engine: OnnxEngineName; threads: number }) {
    this.#session = session;
    this.#engine = engine;
    this.#threads = threads;
  }

  get inputs(): readonly string[] {
    return this.#session.inputNames;
  }

  get outputs(): readonly string[] {
    return this.#session.outputNames;
  }

  run(feeds: Tensors, outputs: readonly string[] = this.outputs): Promise<Tensors> {
    if (this.#closed) return Promise.reject(new Error('the session is closed'));
    const result = this.#tail.then(() => this.#compute(feeds, outputs));
    this.#tail = result.catch(() => undefined);
    return result;
  }

  describe(): EngineDescription {
    return {
      engine: this.#engine,
      library: onnxLibrary(),
      device: PROVIDERS[this.#engine],
      threads: this.#threads,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#tail;
    await this.#session.release();
  }

  async #compute(feeds: Tensors, outputs: readonly string[]): Promise<Tensors> {
    const ortFeeds = Object.fromEntries(
      Object.entries(feeds).map(([name, { type, data, dims }]) => [name, new OrtTensor(type, data as never, dims)]),
    );
    const results = await this.#session.run(ortFeeds, [...outputs]);
    return Object.fromEntries(Object.entries(results).map(([name, value]) => [name, asTensor(name, value)]));
  }
}

function asTensor(name: string, { type, dims, data }: OrtTensor): Tensor {
  if (!ELEMENT_TYPES.has(type)) throw new TypeError(`output ${name} is of type ${type}, which engines do not pass on`);
  return { type, dims: [...dims], data } as Tensor;
}
