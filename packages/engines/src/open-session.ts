import { isOnnxEngine, openOnnxSession } from './onnx-session.js';
import { EngineUnavailableError, type ModelSource, type Session, type SessionOptions } from './session.js';
import { isTensorflowEngine } from './tensorflow/library.js';
import { openTensorflowSession } from './tensorflow/tensorflow-session.js';

/**
 * Loads an ONNX graph on the calling thread; `run` blocks that thread while it computes, so services take
 * `openWorkerSession`. Throws {@link EngineUnavailableError} when the engine is not installed or finds no device.
 */
export async function openSession(model: ModelSource, options: SessionOptions = {}): Promise<Session> {
  const engine = options.engine ?? 'onnx-cpu';
  if (isOnnxEngine(engine)) return openOnnxSession(model, engine, options);
  if (isTensorflowEngine(engine)) return openTensorflowSession(model, engine, options);
  throw new EngineUnavailableError(`there is no engine ${String(engine)}`);
}
