import { isOnnxEngine, openOnnxSession } from './onnx-session.js';
import { EngineUnavailableError, type ModelSource, type Session, type SessionOptions } from './session.js';

/**
 * Loads an ONNX graph on the calling thread; `run` blocks that thread while it computes, so services take
 * `openWorkerSession`. Throws {@link EngineUnavailableError} when the engine does not run ONNX graphs.
 */
export async function openSession(model: ModelSource, options: SessionOptions = {}): Promise<Session> {
  const engine = options.engine ?? 'onnx-cpu';
  if (!isOnnxEngine(engine)) {
    throw new EngineUnavailableError(`${engine} does not run ONNX graphs; take onnx-cpu, onnx-cuda or onnx-webgpu`);
  }
  return openOnnxSession(model, engine, options);
}
