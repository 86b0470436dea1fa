import { POOL5_LENGTH } from '@xvision/contracts';
import {
  type EngineDescription,
  float32Of,
  openSession,
  openWorkerSession,
  type Session,
  tensor,
} from '@xvision/engines';
import { INPUT_LENGTH } from './vgg16-architecture.js';
import { type BackwardRule, buildVgg16BackwardGraph, GRADIENT_OUTPUT, UPSTREAM_INPUT } from './vgg16-backward-graph.js';
import { GRAPH_INPUT, GRAPH_OUTPUT, type GraphInput, imagesTensor } from './vgg16-graph.js';
import type { Vgg16Weights } from './weights.js';

export interface OpenVgg16BackwardOptions {
  readonly weights: Vgg16Weights;
  readonly rule: BackwardRule;
  /** What the images are given as; bytes unless told. */
  readonly input?: GraphInput;
  /** 1 unless told. */
  readonly threads?: number;
  /** Compute in a thread of its own. True unless told. */
  readonly worker?: boolean;
}

export interface InputGradient {
  /** count x 224 x 224 x 3, NHWC, BGR: with regard to the network's input. */
  readonly gradient: Float32Array;
  /** count x 25,088: what the forward pass gave on the way. */
  readonly pool5: Float32Array;
}

/** VGG16's backward pass from pool5 to its input, under one rule for the ReLUs. */
export interface Vgg16Backward extends AsyncDisposable {
  readonly weightsIdentity: string;
  readonly rule: BackwardRule;
  /** `rgb`: count x 150,528 values of 0 to 255; `upstream`: count x 25,088, the gradient with regard to pool5. */
  inputGradient(rgb: Uint8Array | Float32Array, upstream: Float32Array): Promise<InputGradient>;
  describe(): EngineDescription;
}

/** Builds and loads the backward graph; about 120 MB of constants, since both directions hold their kernels. */
export async function openVgg16Backward(options: OpenVgg16BackwardOptions): Promise<Vgg16Backward> {
  const { weights, rule, input = 'uint8', threads = 1, worker = true } = options;
  const graph = buildVgg16BackwardGraph(weights, rule, input);
  const session = await (worker
    ? openWorkerSession(graph, { threads, moveModel: true })
    : openSession(graph, { threads }));
  return {
    weightsIdentity: weights.identity,
    rule,
    inputGradient: (rgb, upstream) => inputGradient(session, rgb, upstream),
    describe: () => session.describe(),
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

async function inputGradient(
  session: Session,
  rgb: Uint8Array | Float32Array,
  upstream: Float32Array,
): Promise<InputGradient> {
  const count = rgb.length / INPUT_LENGTH;
  if (!Number.isInteger(count) || upstream.length !== count * POOL5_LENGTH) {
    throw new RangeError(`${rgb.length} RGB values and ${upstream.length} upstream values are not of the same images`);
  }
  const result = await session.run({
    [GRAPH_INPUT]: imagesTensor(rgb, count),
    [UPSTREAM_INPUT]: tensor('float32', [count, POOL5_LENGTH], upstream),
  });
  return { gradient: float32Of(result, GRADIENT_OUTPUT), pool5: float32Of(result, GRAPH_OUTPUT) };
}
