/** The typed array that holds each element type; int64 and bool follow ONNX Runtime's own JavaScript binding. */
export interface TensorArrays {
  readonly float32: Float32Array;
  readonly float64: Float64Array;
  readonly uint8: Uint8Array;
  readonly int8: Int8Array;
  readonly int16: Int16Array;
  readonly int32: Int32Array;
  readonly int64: BigInt64Array;
  readonly bool: Uint8Array;
}

export type ElementType = keyof TensorArrays;

/** A dense tensor in row-major order; plain data, so it crosses a worker's border as it is. */
export type Tensor<Type extends ElementType = ElementType> = {
  readonly [T in Type]: { readonly type: T; readonly dims: readonly number[]; readonly data: TensorArrays[T] };
}[Type];

/** Named tensors that go into or come out of a graph. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** Makes a tensor; throws when the values do not fill the shape exactly. */
export function tensor<Type extends ElementType>(
  type: Type,
  dims: readonly number[],
  data: TensorArrays[Type],
): Tensor<Type> {
  const expected = dims.reduce((product, size) => product * size, 1);
  if (data.length !== expected) {
    throw new RangeError(`${data.length} values do not fill a ${type} tensor of shape [${dims.join(', ')}]`);
  }
  return { type, dims, data };
}

/** The float32 values of a named result; throws when it is missing or of another type. */
export function float32Of(tensors: Tensors, name: string): Float32Array {
  const found = tensors[name];
  if (found?.type !== 'float32') {
    throw new TypeError(
      `expected a float32 tensor "${name}", got ${found?.type ?? `only ${Object.keys(tensors).join(', ')}`}`,
    );
  }
  return found.data;
}
