export { type AskedEngine, askEngines } from './available-engines.js';
export { type Attribute, float } from './onnx-attribute.js';
export { type Dimension, type NodeOptions, OnnxGraph, type ValueName } from './onnx-graph.js';
export { bundledOnnxEngines, onnxLibrary } from './onnx-session.js';
export { openSession } from './open-session.js';
export { type OnnxConstants, readOnnxConstants } from './read-onnx-constants.js';
export {
  type EngineDescription,
  EngineLostError,
  type EngineName,
  EngineUnavailableError,
  engineLabel,
  type ModelSource,
  type Session,
  type SessionOptions,
} from './session.js';
export { sideBySide } from './side-by-side.js';
export { type ElementType, float32Of, type Tensor, type TensorArrays, type Tensors, tensor } from './tensor.js';
export type { TfTensor } from './tensorflow/library.js';
export { type OpenedTensorLibrary, openTensorLibrary, type TensorLibrary } from './tensorflow/tensor-library.js';
export { openWorkerSession, type WorkerSessionOptions } from './worker-session.js';
