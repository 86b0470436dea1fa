import { createRequire } from 'node:module';
import path from 'node:path';
import { type EngineName, EngineUnavailableError } from '../session.js';

export interface TfTensor {
  readonly shape: readonly number[];
  dataSync(): Float32Array | Int32Array | Uint8Array;
  dispose(): void;
}

/** The few functions of TensorFlow.js that graphs are run with; the package itself is optional, and so are its types. */
export interface Tensorflow {
  readonly version: Readonly<Record<string, string | undefined>>;
  tensor(values: Float32Array | Int32Array | Uint8Array, shape: number[], type: 'float32' | 'int32'): TfTensor;
  tidy<Result extends Record<string, TfTensor>>(work: () => Result): Result;
  keep(tensor: TfTensor): TfTensor;
  memory(): { readonly numTensors: number };
  backend(): { readonly isUsingGpuDevice?: boolean };
  cast(x: TfTensor, type: 'float32'): TfTensor;
  add(a: TfTensor, b: TfTensor): TfTensor;
  sub(a: TfTensor, b: TfTensor): TfTensor;
  mul(a: TfTensor, b: TfTensor): TfTensor;
  matMul(a: TfTensor, b: TfTensor): TfTensor;
  relu(x: TfTensor): TfTensor;
  reshape(x: TfTensor, shape: number[]): TfTensor;
  transpose(x: TfTensor, perm: number[]): TfTensor;
  conv2d(x: TfTensor, filter: TfTensor, strides: number, pad: 'same' | 'valid'): TfTensor;
  maxPool(x: TfTensor, size: [number, number], strides: [number, number], pad: 'valid'): TfTensor;
}

export type TensorflowEngine = Extract<EngineName, `tensorflow${string}`>;

/** The optional native package behind each engine. */
export const TENSORFLOW_PACKAGES: Readonly<Record<TensorflowEngine, string>> = {
  tensorflow: '@tensorflow/tfjs-node',
  'tensorflow-gpu': '@tensorflow/tfjs-node-gpu',
};

export function isTensorflowEngine(engine: EngineName): engine is TensorflowEngine {
  return Object.hasOwn(TENSORFLOW_PACKAGES, engine);
}

/**
 * Loads the native package from `nativeModules` (a folder with its own node_modules) or from where this package is
 * installed. Throws {@link EngineUnavailableError} when it is not there or its native part does not load.
 */
export function loadTensorflow(engine: TensorflowEngine, nativeModules?: string): Tensorflow {
  const name = TENSORFLOW_PACKAGES[engine];
  const from = nativeModules === undefined ? import.meta.url : path.join(path.resolve(nativeModules), 'package.json');
  try {
    return createRequire(from)(name) as Tensorflow;
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
    throw new EngineUnavailableError(
      `${engine} needs the package ${name} (npm install ${name}), which cannot be loaded: ${reason}`,
      { cause: error },
    );
  }
}

/** `@tensorflow/tfjs-node 4.22.0`, as the library reports itself. */
export function tensorflowLibrary(engine: TensorflowEngine, { version }: Tensorflow): string {
  return `${TENSORFLOW_PACKAGES[engine]} ${version['tfjs-node'] ?? version['tfjs-core'] ?? 'of unknown version'}`;
}
