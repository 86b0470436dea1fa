import onnxProto from 'onnx-proto';
import type { ElementType, Tensor } from './tensor.js';

const { DataType } = onnxProto.onnx.TensorProto;

const DATA_TYPES: Readonly<Record<ElementType, number>> = {
  float32: DataType.FLOAT,
  float64: DataType.DOUBLE,
  uint8: DataType.UINT8,
  int8: DataType.INT8,
  int16: DataType.INT16,
  int32: DataType.INT32,
  int64: DataType.INT64,
  bool: DataType.BOOL,
};

/** ONNX's number for an element type. */
export function dataType(type: ElementType): number {
  return DATA_TYPES[type];
}

/** A tensor with its values as raw little-endian bytes (every platform that Node runs on is little-endian). */
export function tensorProto(name: string, value: Tensor): onnxProto.onnx.ITensorProto {
  return {
    name,
    dataType: dataType(value.type),
    dims: [...value.dims],
    rawData: new Uint8Array(value.data.buffer, value.data.byteOffset, value.data.byteLength),
  };
}
