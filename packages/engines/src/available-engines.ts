import { bundledOnnxEngines, onnxLibrary } from './onnx-session.js';
import type { EngineName } from './session.js';
import { loadTensorflow, TENSORFLOW_PACKAGES, type TensorflowEngine, tensorflowLibrary } from './tensorflow/library.js';

export interface AvailableEngine {
  readonly engine: EngineName;
  readonly library: string;
}

/**
 * The engines whose library is installed. That a provider is bundled does not promise a device: opening a session
 * says so with `EngineUnavailableError`. Loading is the only honest test of a native package, so this loads them.
 */
export async function availableEngines(options: { nativeModules?: string } = {}): Promise<AvailableEngine[]> {
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
