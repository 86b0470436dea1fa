import { openSession, tensor } from '@xvision/engines';
import { type DeferredTensor, valuesOf } from '../saved/safetensors.js';
import { gatherRows, type SharedRows } from '../training/shared-rows.js';
import { HIDDEN } from './dual-state.js';
import { batchMomentsGraph } from './inference-graph.js';
import { floatsOf, floatTensor } from './precision.js';

const VECTORS = ['firstGain', 'firstShift', 'secondGain', 'secondShift'] as const;

/** Scores as the published project did: each batch normalised by its own moments. For comparison with it only. */
export interface BatchMoments extends AsyncDisposable {
  /** Probabilities [places, classes] of the first network of a head, batch after batch in this order. */
  score(
    tensors: readonly DeferredTensor[],
    given: { readonly rows: SharedRows; readonly places: Int32Array; readonly batchSize: number },
  ): Promise<Float64Array>;
}

export async function openBatchMoments(classes: number): Promise<BatchMoments> {
  const session = await openSession(batchMomentsGraph({ precision: 'float32', hidden: HIDDEN, classes }));
  return {
    score: async (tensors, { rows, places, batchSize }) => {
      const part = async (name: string, dims: readonly number[]) => {
        const found = tensors.find((one) => one.name === `member.0.${name}`);
        const values = found === undefined ? undefined : await valuesOf(found);
        if (!(values instanceof Float32Array)) throw new Error(`the trained head has no ${name}`);
        return floatTensor(dims, values);
      };
      const weights = {
        firstWeights: await part('firstWeights', [rows.width, HIDDEN]),
        secondWeights: await part('secondWeights', [HIDDEN, HIDDEN]),
        outputWeights: await part('outputWeights', [HIDDEN, classes]),
        outputBias: await part('outputBias', [classes]),
        ...Object.fromEntries(
          await Promise.all(VECTORS.map(async (name) => [name, await part(name, [HIDDEN])] as const)),
        ),
      };
      const probabilities = new Float64Array(places.length * classes);
      for (let start = 0; start < places.length; start += batchSize) {
        const batch = places.subarray(start, start + batchSize);
        const values = tensor('float32', [batch.length, rows.width], gatherRows(rows, batch));
        const scored = await session.run({ ...weights, rows: values });
        probabilities.set(floatsOf(scored, 'probabilities'), start * classes);
      }
      return probabilities;
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}
