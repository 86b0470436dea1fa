import { loadTensorflow, type TfTensor, tensorflowLibrary } from './library.js';

/** The functions of TensorFlow.js that a network is trained with, step by step on the calling thread. */
export interface TensorLibrary {
  tensor(values: Float32Array, shape: number[], type: 'float32'): TfTensor;
  tidy<Result extends Record<string, TfTensor>>(work: () => Result): Result;
  memory(): { readonly numTensors: number };
  add(a: TfTensor, b: TfTensor): TfTensor;
  sub(a: TfTensor, b: TfTensor): TfTensor;
  mul(a: TfTensor, b: TfTensor | number): TfTensor;
  div(a: TfTensor, b: TfTensor | number): TfTensor;
  exp(x: TfTensor): TfTensor;
  relu(x: TfTensor): TfTensor;
  step(x: TfTensor): TfTensor;
  rsqrt(x: TfTensor): TfTensor;
  softmax(x: TfTensor): TfTensor;
  logSoftmax(x: TfTensor): TfTensor;
  sum(x: TfTensor, axis?: number): TfTensor;
  mean(x: TfTensor, axis?: number): TfTensor;
  concat(parts: TfTensor[], axis: number): TfTensor;
  matMul(a: TfTensor, b: TfTensor, transposeA?: boolean, transposeB?: boolean): TfTensor;
}

export interface OpenedTensorLibrary {
  readonly tf: TensorLibrary;
  /** The package and its version. */
  readonly library: string;
  /** Whether its native part computes; plain JavaScript is some hundred times slower. */
  readonly native: boolean;
}

interface PlainTensorflow extends TensorLibrary {
  readonly version_core: string;
  setBackend(name: 'cpu'): Promise<boolean>;
  enableProdMode(): void;
}

/**
 * TensorFlow.js with its native part where `@tensorflow/tfjs-node` is installed (in `nativeModules` or beside the
 * project), else in plain JavaScript, which is always there.
 */
export async function openTensorLibrary(options: { nativeModules?: string } = {}): Promise<OpenedTensorLibrary> {
  const native = loadNative(options.nativeModules);
  if (native !== undefined) return native;
  const { default: loaded } = await import('@tensorflow/tfjs-core');
  await import('@tensorflow/tfjs-backend-cpu'); // registers itself with it
  // Its own types want mutable shapes and a browser's globals.
  const tf = loaded as unknown as PlainTensorflow;
  tf.enableProdMode(); // or it advertises its native package on stderr
  await tf.setBackend('cpu');
  return { tf, library: `@tensorflow/tfjs-core ${tf.version_core} in plain JavaScript`, native: false };
}

function loadNative(nativeModules: string | undefined): OpenedTensorLibrary | undefined {
  try {
    const loaded = loadTensorflow('tensorflow', nativeModules);
    // The same library: `Tensorflow` names what graphs need of it, `TensorLibrary` what training needs.
    const tf = loaded as unknown as TensorLibrary;
    return { tf, library: tensorflowLibrary('tensorflow', loaded), native: true };
  } catch {
    return undefined;
  }
}
