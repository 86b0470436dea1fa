import { float32Of, openSession, openWorkerSession } from '@xvision/engines';
import { INPUT_LENGTH } from './vgg16-architecture.js';
import { buildVgg16Graph, GRAPH_INPUT, GRAPH_OUTPUT, imagesTensor } from './vgg16-graph.js';
import type { Vgg16Weights } from './weights.js';

export interface OpenVgg16FloatsOptions {
  readonly weights: Vgg16Weights;
  /** 1 unless told. */
  readonly threads?: number;
  /** Compute in a thread of its own. True unless told. */
  readonly worker?: boolean;
}

/** VGG16 up to pool5 for images that are no photographs: blends, occluded ones, and weights that were never trained. */
export interface Vgg16Floats extends AsyncDisposable {
  /** `rgb`: count x 150,528 values of 0 to 255. Gives count x 25,088. */
  pool5(rgb: Float32Array): Promise<Float32Array>;
}

/** Builds and loads the forward graph for floats. There is no self-check: the weights may be random on purpose. */
export async function openVgg16Floats(options: OpenVgg16FloatsOptions): Promise<Vgg16Floats> {
  const { weights, threads = 1, worker = true } = options;
  const graph = buildVgg16Graph(weights, 'float32');
  const session = await (worker
    ? openWorkerSession(graph, { threads, moveModel: true })
    : openSession(graph, { threads }));
  return {
    pool5: async (rgb) => {
      const count = rgb.length / INPUT_LENGTH;
      if (!Number.isInteger(count)) throw new RangeError(`${rgb.length} values are no images of ${INPUT_LENGTH}`);
      return float32Of(await session.run({ [GRAPH_INPUT]: imagesTensor(rgb, count) }), GRAPH_OUTPUT);
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}
