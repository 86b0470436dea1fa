import onnxProto from 'onnx-proto';
import type { OnnxGraph } from './onnx-graph.js';
import { tensorProto } from './onnx-tensor-proto.js';
import type { Tensor } from './tensor.js';

const { AttributeType } = onnxProto.onnx.AttributeProto;

/** Says that a number is an ONNX float; a bare number is an ONNX int. */
export class FloatAttribute {
  readonly values: number | readonly number[];

  constructor(values: number | readonly number[]) {
    this.values = values;
  }
}

/** An ONNX float or floats attribute, for example `alpha` of Gemm. */
export function float(values: number | readonly number[]): FloatAttribute {
  return new FloatAttribute(values);
}

/** Bare numbers are ints; floats are wrapped by {@link float}; a graph is the body of Loop or a branch of If. */
export type Attribute = number | readonly number[] | string | readonly string[] | FloatAttribute | OnnxGraph | Tensor;

function isNumbers(value: readonly unknown[]): value is readonly number[] {
  return value.every((entry) => typeof entry === 'number');
}

/** Throws when an int attribute is given a fraction, since ONNX would cut it silently. */
function assertInteger(name: string, value: number): void {
  if (!Number.isInteger(value)) {
    throw new TypeError(`attribute ${name} = ${value} is not an integer; wrap floats in float(…)`);
  }
}

/** One attribute as ONNX's protobuf wants it; `encodeGraph` turns a subgraph into its own message. */
export function attributeProto(
  name: string,
  value: Attribute,
  encodeGraph: (graph: OnnxGraph) => onnxProto.onnx.IGraphProto,
): onnxProto.onnx.IAttributeProto {
  if (typeof value === 'number') {
    assertInteger(name, value);
    return { name, type: AttributeType.INT, i: value };
  }
  if (typeof value === 'string') return { name, type: AttributeType.STRING, s: Buffer.from(value) };
  if (value instanceof FloatAttribute) {
    return typeof value.values === 'number'
      ? { name, type: AttributeType.FLOAT, f: value.values }
      : { name, type: AttributeType.FLOATS, floats: [...value.values] };
  }
  if (isList(value)) {
    if (isNumbers(value)) {
      for (const entry of value) assertInteger(name, entry);
      return { name, type: AttributeType.INTS, ints: [...value] };
    }
    return { name, type: AttributeType.STRINGS, strings: value.map((entry) => Buffer.from(entry)) };
  }
  if ('dims' in value) return { name, type: AttributeType.TENSOR, t: tensorProto(name, value) };
  return { name, type: AttributeType.GRAPH, g: encodeGraph(value) };
}

function isList(value: Attribute): value is readonly number[] | readonly string[] {
  return Array.isArray(value);
}
