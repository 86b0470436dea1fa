import { createHash } from 'node:crypto';
import { float32Of, OnnxGraph, openWorkerSession, tensor } from '@xvision/engines';
import { INPUT_SIDE } from '../vgg16-architecture.js';
import { addConvolution, addInput, GRAPH_INPUT, isLastOfBlock } from '../vgg16-graph.js';
import { layersOf, type Vgg16Weights } from '../weights.js';

/** The range of each activation on a user's own images; all that static quantization needs to know of them. */
export interface Calibration {
  readonly weights: string;
  readonly images: number;
  /** Largest activation after each of the 13 ReLUs. */
  readonly maxima: readonly number[];
  /** Names the numerics of what is computed with it, `int8-<identity>`. */
  readonly identity: string;
}

/**
 * Runs the float network over images (each 150,528 RGB bytes) and keeps the largest value of each activation.
 * Throws when there are none, or when an activation is never positive.
 */
export async function calibrate(
  weights: Vgg16Weights,
  images: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { threads = 1 }: { readonly threads?: number } = {},
): Promise<Calibration> {
  await using session = await openWorkerSession(buildRangeGraph(weights), { threads, moveModel: true });
  const maxima = new Float32Array(layersOf(weights.values).length);
  let count = 0;
  for await (const rgb of images) {
    const feeds = { [GRAPH_INPUT]: tensor('uint8', [1, INPUT_SIDE, INPUT_SIDE, 3], rgb) };
    const found = float32Of(await session.run(feeds), 'maxima');
    for (const [layer, value] of found.entries()) maxima[layer] = Math.max(maxima[layer] ?? 0, value);
    count += 1;
  }
  if (count === 0) throw new RangeError('calibration needs at least one image');
  if (!maxima.every((value) => value > 0 && Number.isFinite(value))) {
    throw new RangeError(`an activation is never positive on these ${count} images: ${maxima.join(', ')}`);
  }
  return {
    weights: weights.identity,
    images: count,
    maxima: Array.from(maxima),
    identity: createHash('sha256').update(weights.identity).update(new Uint8Array(maxima.buffer)).digest('hex'),
  };
}

/** The plain network, giving the largest value of each activation instead of features. */
function buildRangeGraph(weights: Vgg16Weights): Uint8Array {
  const graph = new OnnxGraph('vgg16-ranges');
  const one = graph.constant('one', tensor('int64', [1], BigInt64Array.of(1n)));
  let x = addInput(graph);
  const maxima = layersOf(weights.values).map((layer, index) => {
    x = addConvolution(graph, x, layer);
    const largest = graph.node('Reshape', [graph.node('ReduceMax', [x], { keepdims: 0 }), one]);
    if (isLastOfBlock(index)) x = graph.node('MaxPool', [x], { kernel_shape: [2, 2], strides: [2, 2] });
    return largest;
  });
  graph.output(graph.node('Concat', maxima, { axis: 0 }), 'float32', { dims: [maxima.length], as: 'maxima' });
  return graph.encode();
}
