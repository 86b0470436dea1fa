import { readFile } from 'node:fs/promises';
import onnxProto from 'onnx-proto';
import type { ModelSource } from '../session.js';

const { onnx } = onnxProto;

export interface ParsedNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly integers: Readonly<Record<string, readonly number[]>>;
}

export interface ParsedConstant {
  readonly dims: readonly number[];
  readonly data: Float32Array | BigInt64Array;
}

/** An ONNX model in the terms of the interpreter. */
export interface ParsedModel {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly nodes: readonly ParsedNode[];
  readonly constants: ReadonlyMap<string, ParsedConstant>;
}

/** Reads a model whose nodes have one output, integer attributes and float32 or int64 constants; throws otherwise. */
export async function parseModel(source: ModelSource): Promise<ParsedModel> {
  const { graph } = onnx.ModelProto.decode(typeof source === 'string' ? await readFile(source) : source);
  if (graph == null) throw new Error('the model holds no graph');
  return {
    inputs: (graph.input ?? []).map(({ name }) => name ?? ''),
    outputs: (graph.output ?? []).map(({ name }) => name ?? ''),
    nodes: (graph.node ?? []).map(parseNode),
    constants: new Map((graph.initializer ?? []).map((one) => [one.name ?? '', parseConstant(one)])),
  };
}

function parseNode({ opType, input, output, attribute }: onnxProto.onnx.INodeProto): ParsedNode {
  const [only, ...others] = output ?? [];
  if (only === undefined || others.length > 0) throw new Error(`node ${opType} has not exactly one output`);
  const integers = (attribute ?? []).map(({ name, ints, i }) => [
    name ?? '',
    ints != null && ints.length > 0 ? ints.map(Number) : [Number(i ?? 0)],
  ]);
  return {
    operator: opType ?? '',
    inputs: input ?? [],
    output: only,
    integers: Object.fromEntries(integers) as Record<string, number[]>,
  };
}

function parseConstant({ name, dims, dataType, rawData }: onnxProto.onnx.ITensorProto): ParsedConstant {
  const { buffer } = Uint8Array.from(rawData ?? []);
  const sizes = (dims ?? []).map(Number);
  if (dataType === onnx.TensorProto.DataType.FLOAT) return { dims: sizes, data: new Float32Array(buffer) };
  if (dataType === onnx.TensorProto.DataType.INT64) return { dims: sizes, data: new BigInt64Array(buffer) };
  throw new Error(`constant ${name} is neither float32 nor int64`);
}
