import onnxProto from 'onnx-proto';
import { type Attribute, attributeProto } from './onnx-attribute.js';
import { dataType, tensorProto } from './onnx-tensor-proto.js';
import type { ElementType, Tensor } from './tensor.js';

const { onnx } = onnxProto;

/** Opset 17 is the newest that the kept ONNX schema's IR version 8 is paired with; every engine here runs it. */
const DEFAULT_OPSET = 17;
const IR_VERSION = 8;

/** A fixed size, a named free one such as `'n'`, or null where the graph itself decides. */
export type Dimension = number | string | null;

/** Name of a value inside a graph: an input, a constant or a node's output. */
export type ValueName = string;

export interface NodeOptions {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** How many outputs the node has; their names are made up. 1 unless told. */
  readonly outputs?: number;
}

/**
 * Writes an ONNX model by hand: each method returns the name of the value it made, to be passed on to the next node.
 * A body of `Loop` or a branch of `If` is a {@link OnnxGraph.subgraph}, passed as an attribute; it may read every
 * value of the graph around it. `encode()` refuses a node that reads what nobody made.
 */
export class OnnxGraph {
  readonly name: string;
  readonly opset: number;
  readonly #parent: OnnxGraph | undefined;
  readonly #inputs: onnxProto.onnx.IValueInfoProto[] = [];
  readonly #outputs: onnxProto.onnx.IValueInfoProto[] = [];
  readonly #constants: onnxProto.onnx.ITensorProto[] = [];
  readonly #nodes: {
    readonly operator: string;
    readonly inputs: readonly ValueName[];
    readonly outputs: readonly ValueName[];
    readonly attributes: Readonly<Record<string, Attribute>>;
  }[] = [];
  readonly #values = new Set<ValueName>();

  constructor(name: string, options: { readonly opset?: number; readonly parent?: OnnxGraph } = {}) {
    this.name = name;
    this.opset = options.opset ?? options.parent?.opset ?? DEFAULT_OPSET;
    this.#parent = options.parent;
  }

  /** The body of a `Loop` or a branch of an `If`, to be passed to {@link node} as an attribute. */
  subgraph(name: string): OnnxGraph {
    return new OnnxGraph(`${this.name}/${name}`, { parent: this });
  }

  /** Declares an input of the graph. */
  input(name: ValueName, type: ElementType, dims: readonly Dimension[]): ValueName {
    this.#inputs.push(valueInfo(name, type, dims));
    return this.#declare(name);
  }

  /** Adds a tensor that travels with the model. */
  constant(name: ValueName, value: Tensor): ValueName {
    this.#constants.push(tensorProto(name, value));
    return this.#declare(name);
  }

  /** Adds a node with one output and returns that output's name. An empty input name leaves an optional input out. */
  node(
    operator: string,
    inputs: readonly ValueName[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): ValueName {
    const [output] = this.nodes(operator, inputs, { attributes });
    if (output === undefined) throw new Error(`${operator} was added without an output`);
    return output;
  }

  /** Adds a node with several outputs and returns their names in order. */
  nodes(operator: string, inputs: readonly ValueName[], options: NodeOptions = {}): ValueName[] {
    const outputs = Array.from({ length: options.outputs ?? 1 }, (_, index) =>
      this.#declare(`${this.name}/${operator}_${this.#nodes.length}${index === 0 ? '' : `:${index}`}`),
    );
    this.#nodes.push({ operator, inputs, outputs, attributes: options.attributes ?? {} });
    return outputs;
  }

  /** Makes a value an output of the graph under its own name, or under `as`. */
  output(value: ValueName, type: ElementType, { dims, as }: { dims: readonly Dimension[]; as?: ValueName }): ValueName {
    let name = value;
    if (as !== undefined && as !== value) {
      name = this.#declare(as);
      this.#nodes.push({ operator: 'Identity', inputs: [value], outputs: [name], attributes: {} });
    }
    this.#outputs.push(valueInfo(name, type, dims));
    return name;
  }

  /**
   * The model as bytes, with what it says of itself (ONNX's `metadata_props`). Throws when a node or an output names a
   * value that does not exist.
   */
  encode(metadata: Readonly<Record<string, string>> = {}): Uint8Array {
    if (this.#parent !== undefined) throw new Error(`${this.name} is a subgraph; encode the graph around it`);
    const model = onnx.ModelProto.create({
      irVersion: IR_VERSION,
      producerName: 'xvision',
      opsetImport: [{ domain: '', version: this.opset }],
      graph: this.#proto(),
      metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    });
    return onnx.ModelProto.encode(model).finish();
  }

  #proto(): onnxProto.onnx.IGraphProto {
    for (const { operator, inputs } of this.#nodes) {
      for (const input of inputs) this.#assertKnown(input, `node ${operator}`);
    }
    for (const output of this.#outputs) this.#assertKnown(output.name ?? '', 'the output list');
    return {
      name: this.name,
      input: this.#inputs,
      output: this.#outputs,
      initializer: this.#constants,
      node: this.#nodes.map(({ operator, inputs, outputs, attributes }) => ({
        opType: operator,
        name: outputs[0] ?? operator,
        input: [...inputs],
        output: [...outputs],
        attribute: Object.entries(attributes).map(([name, value]) =>
          attributeProto(name, value, (graph) => graph.#proto()),
        ),
      })),
    };
  }

  #declare(name: ValueName): ValueName {
    if (this.#values.has(name)) throw new Error(`graph ${this.name} has two values named ${name}`);
    this.#values.add(name);
    return name;
  }

  #assertKnown(name: ValueName, reader: string): void {
    if (name === '' || this.#knows(name)) return;
    throw new Error(`${reader} of graph ${this.name} reads "${name}", which nothing makes`);
  }

  #knows(name: ValueName): boolean {
    return this.#values.has(name) || (this.#parent !== undefined && this.#parent.#knows(name));
  }
}

function valueInfo(name: ValueName, type: ElementType, dims: readonly Dimension[]): onnxProto.onnx.IValueInfoProto {
  const dim = dims.map((size) => {
    if (size === null) return {};
    return typeof size === 'number' ? { dimValue: size } : { dimParam: size };
  });
  return { name, type: { tensorType: { elemType: dataType(type), shape: { dim } } } };
}
