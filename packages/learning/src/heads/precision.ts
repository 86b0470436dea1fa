import { type Tensor, tensor } from '@xvision/engines';

/** float32 is what heads are trained in; float64 exists to show that the algorithm is the ordinary one. */
export type Precision = 'float32' | 'float64';

export type Floats = Float32Array | Float64Array;

export function floats(precision: Precision, size: number): Floats {
  return precision === 'float32' ? new Float32Array(size) : new Float64Array(size);
}

/** A tensor over the values as they are; they must be of that precision. */
export function floatTensor(dims: readonly number[], values: Floats): Tensor {
  return values instanceof Float32Array ? tensor('float32', dims, values) : tensor('float64', dims, values);
}

/** The floating-point values of a result; throws when it is missing or of another type. */
export function floatsOf(tensors: Readonly<Record<string, Tensor>>, name: string): Floats {
  const found = tensors[name];
  if (found?.type === 'float32' || found?.type === 'float64') return found.data;
  throw new TypeError(`expected floating-point values "${name}", got ${found?.type ?? 'nothing'}`);
}
