import onnxProto from 'onnx-proto';

const { onnx } = onnxProto;

/** The float32 tensors that an ONNX model carries, by name, in the model's order. */
export type OnnxConstants = ReadonlyMap<string, { readonly dims: readonly number[]; readonly data: Float32Array }>;

/** Reads the float32 constants of a model written by anyone; throws when the bytes are not an ONNX model. */
export function readOnnxConstants(model: Uint8Array): OnnxConstants {
  const decoded = decode(model);
  const found = new Map<string, { dims: number[]; data: Float32Array }>();
  for (const { name, dims, dataType, rawData, floatData } of decoded.graph?.initializer ?? []) {
    if (name == null || dataType !== onnx.TensorProto.DataType.FLOAT) continue;
    const data = rawData != null && rawData.length > 0 ? floatsOf(rawData) : Float32Array.from(floatData ?? []);
    found.set(name, { dims: (dims ?? []).map(Number), data });
  }
  return found;
}

function decode(model: Uint8Array): onnxProto.onnx.IModelProto {
  try {
    return onnx.ModelProto.decode(model);
  } catch (error) {
    throw new Error('the bytes are not an ONNX model, or it is cut short', { cause: error });
  }
}

/** Copies, because the bytes inside a protobuf are not aligned. */
function floatsOf(bytes: Uint8Array): Float32Array {
  return new Float32Array(Uint8Array.from(bytes).buffer);
}
