import { glorotUniform } from '../random/glorot.js';
import { randomStream } from '../random/random-stream.js';
import type { NetworkKey } from './products.js';

/** The seeded layers of a network behind its first one, the same in both forms. */
export function initialLayers(
  { seed, repeat, member }: NetworkKey,
  { hidden, classes }: { readonly hidden: number; readonly classes: number },
): { secondWeights: Float32Array; outputWeights: Float32Array } {
  return {
    secondWeights: glorotUniform(hidden, hidden, randomStream('second-layer', seed, repeat, member)),
    outputWeights: glorotUniform(hidden, classes, randomStream('output-layer', seed, repeat, member)),
  };
}
