import { availableParallelism } from 'node:os';
import {
  type EngineDescription,
  EngineUnavailableError,
  type ModelSource,
  type Session,
  type SessionOptions,
} from '../session.js';
import { type Tensor, type Tensors, tensor } from '../tensor.js';
import { loadTensorflow, type Tensorflow, type TensorflowEngine, type TfTensor, tensorflowLibrary } from './library.js';
import { asIs, OPERATORS, plain, type Value } from './operators.js';
import { type ParsedModel, type ParsedNode, parseModel } from './parsed-model.js';

/**
 * Runs the same ONNX graphs on TensorFlow.js, node by node; its `run` computes on the calling thread. Throws
 * {@link EngineUnavailableError} when the package is missing, or when the GPU package has no GPU: it would compute on the
 * CPU without a word. Throws as well, before anything is computed, for an operator that it does not know.
 */
export async function openTensorflowSession(
  source: ModelSource,
  engine: TensorflowEngine,
  { nativeModules }: SessionOptions,
): Promise<Session> {
  const tf = loadTensorflow(engine, nativeModules);
  if (engine === 'tensorflow-gpu' && tf.backend().isUsingGpuDevice !== true) {
    throw new EngineUnavailableError(
      'tensorflow-gpu finds no CUDA device and would compute on the CPU; install CUDA, or take ENGINE=onnx-cpu.',
    );
  }
  const model = await parseModel(source);
  const unknown = [...new Set(model.nodes.map(({ operator }) => operator))].filter((name) => !OPERATORS[name]);
  if (unknown.length > 0) throw new Error(`TensorFlow.js does not run ${unknown.join(', ')} here`);
  return new TensorflowSession(tf, engine, model);
}

class TensorflowSession implements Session {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly #tf: Tensorflow;
  readonly #engine: TensorflowEngine;
  readonly #model: ParsedModel;
  readonly #constants = new Map<string, TfTensor>();
  #closed = false;

  constructor(tf: Tensorflow, engine: TensorflowEngine, model: ParsedModel) {
    this.#tf = tf;
    this.#engine = engine;
    this.#model = model;
    this.inputs = model.inputs;
    this.outputs = model.outputs;
    const kernels = new Set(model.nodes.flatMap(({ operator, inputs }) => (operator === 'Conv' ? inputs[1] : [])));
    for (const [name, { dims, data }] of model.constants) {
      if (data instanceof Float32Array) this.#constants.set(name, upload(tf, { dims, data }, kernels.has(name)));
    }
  }

  async run(feeds: Tensors, outputs: readonly string[] = this.outputs): Promise<Tensors> {
    if (this.#closed) throw new Error('the session is closed');
    for (const name of this.inputs) {
      if (feeds[name] === undefined) throw new Error(`input '${name}' is missing in 'feeds'.`);
    }
    const results = this.#tf.tidy(() => this.#compute(feeds, outputs));
    try {
      return Object.fromEntries(Object.entries(results).map(([name, result]) => [name, download(name, result)]));
    } finally {
      for (const result of Object.values(results)) result.dispose();
    }
  }

  describe(): EngineDescription {
    return {
      engine: this.#engine,
      library: tensorflowLibrary(this.#engine, this.#tf),
      device: this.#tf.backend().isUsingGpuDevice === true ? 'cuda' : 'cpu',
      // TensorFlow takes every core and cannot be told otherwise from here.
      threads: availableParallelism(),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const constant of this.#constants.values()) constant.dispose();
  }

  #compute(feeds: Tensors, outputs: readonly string[]): Record<string, TfTensor> {
    const values = new Map<string, Value>();
    for (const [name, constant] of this.#constants) values.set(name, asIs(constant));
    for (const [name, feed] of Object.entries(feeds)) values.set(name, asIs(uploadFeed(this.#tf, name, feed)));
    for (const node of this.#model.nodes) values.set(node.output, this.#computeNode(node, values));
    return Object.fromEntries(
      outputs.map((name) => {
        const value = values.get(name);
        if (value === undefined) throw new Error(`the graph has no value ${name}`);
        return [name, plain(this.#tf, value)];
      }),
    );
  }

  #computeNode(node: ParsedNode, values: ReadonlyMap<string, Value>): Value {
    const operator = OPERATORS[node.operator];
    if (operator === undefined) throw new Error(`TensorFlow.js does not run ${node.operator} here`);
    return operator({
      tf: this.#tf,
      node,
      inputs: node.inputs.flatMap((name) => values.get(name) ?? []),
      numbersOf: (input) => {
        const data = this.#model.constants.get(node.inputs[input] ?? '')?.data;
        if (!(data instanceof BigInt64Array)) throw new Error(`${node.operator} needs a constant of int64`);
        return Array.from(data, Number);
      },
    });
  }
}

/** Constants live as long as the session; kernels of convolutions are turned from OIHW to HWIO once. */
function upload(
  tf: Tensorflow,
  { dims, data }: { dims: readonly number[]; data: Float32Array },
  isKernel: boolean,
): TfTensor {
  const raw = tf.tensor(data, [...dims], 'float32');
  if (!isKernel) return tf.keep(raw);
  const turned = tf.keep(tf.transpose(raw, [2, 3, 1, 0]));
  raw.dispose();
  return turned;
}

function uploadFeed(tf: Tensorflow, name: string, feed: Tensor): TfTensor {
  if (feed.type === 'float32') return tf.tensor(feed.data, [...feed.dims], 'float32');
  if (feed.type === 'uint8') return tf.tensor(feed.data, [...feed.dims], 'int32');
  throw new TypeError(`input ${name} is ${feed.type}; TensorFlow.js takes float32 and uint8 here`);
}

function download(name: string, result: TfTensor): Tensor {
  const data = result.dataSync();
  if (!(data instanceof Float32Array)) throw new TypeError(`output ${name} is not float32`);
  return tensor('float32', [...result.shape], data);
}
