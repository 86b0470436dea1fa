import { existsSync } from 'node:fs';
import { OnnxGraph } from './onnx-graph.js';
import { bundledOnnxEngines, onnxLibrary } from './onnx-session.js';
import { openSession } from './open-session.js';
import { type EngineName, EngineUnavailableError } from './session.js';
import { tensor } from './tensor.js';
import { loadTensorflow, TENSORFLOW_PACKAGES, type TensorflowEngine, tensorflowLibrary } from './tensorflow/library.js';

interface AvailableEngine {
  readonly engine: EngineName;
  readonly library: string;
}

/** An installed engine, and why it does not compute on this machine where it does not. */
export interface AskedEngine extends AvailableEngine {
  readonly unavailable?: string;
}

interface Options {
  readonly nativeModules?: string;
}

const ON_GPU: ReadonlySet<EngineName> = new Set(['onnx-cuda', 'onnx-webgpu', 'tensorflow-gpu']);
/** What Linux shows of a GPU. Where none is there, asking only makes the libraries complain on stderr. */
const GPU_DEVICES = ['/dev/dri', '/dev/nvidiactl', '/dev/dxg'];

/** The engines whose library is installed. Loading is the only honest test of a native package, so this loads them. */
async function availableEngines(options: Options = {}): Promise<AvailableEngine[]> {
  const onnx = bundledOnnxEngines().map((engine) => ({ engine, library: onnxLibrary() }));
  const tensorflow = (Object.keys(TENSORFLOW_PACKAGES) as TensorflowEngine[]).flatMap((engine) => {
    try {
      return [{ engine, library: tensorflowLibrary(engine, loadTensorflow(engine, options.nativeModules)) }];
    } catch {
      return [];
    }
  });
  return [...onnx, ...tensorflow];
}

/** The installed engines, each asked to compute something small: a library on disk does not promise a device. */
export async function askEngines(options: Options = {}): Promise<AskedEngine[]> {
  const asked: AskedEngine[] = [];
  for (const available of await availableEngines(options)) {
    const unavailable = await refusal(available.engine, options);
    asked.push(unavailable === undefined ? available : { ...available, unavailable });
  }
  return asked;
}

async function refusal(engine: EngineName, options: Options): Promise<string | undefined> {
  if (ON_GPU.has(engine) && process.platform === 'linux' && !GPU_DEVICES.some((file) => existsSync(file))) {
    return `no GPU is seen on this machine (none of ${GPU_DEVICES.join(', ')})`;
  }
  try {
    await using session = await openSession(aSum(), { engine, ...options });
    await session.run({ x: tensor('float32', [1], Float32Array.of(1)) });
    return undefined;
  } catch (error) {
    if (error instanceof EngineUnavailableError) return error.message;
    throw error;
  }
}

function aSum(): Uint8Array {
  const graph = new OnnxGraph('sum');
  const x = graph.input('x', 'float32', ['n']);
  graph.output(graph.node('Add', [x, x]), 'float32', { dims: ['n'], as: 'y' });
  return graph.encode();
}
