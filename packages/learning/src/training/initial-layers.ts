import { HIDDEN } from '../heads/dual-state.js';
import { glorotUniform, glorotUnit } from '../random/glorot.js';
import { randomStream } from '../random/random-stream.js';

/** Which network's initial weights are meant. */
export interface NetworkKey {
  readonly seed: number;
  readonly repeat: number;
  readonly member: number;
}

/** The first layer of a network before training, as integers that are weights once they are multiplied by a unit. */
export interface InitialFirstLayer {
  readonly unit: number;
  /** The next weights, row-major [inputs, hidden]: a first layer need never be in memory as a whole. */
  readonly fillNext: (integers: Int16Array) => void;
}

/** The seeded first layer over so many inputs, the same in both forms. */
export function initialFirstLayer(width: number, { seed, repeat, member }: NetworkKey): InitialFirstLayer {
  const stream = randomStream('first-layer', seed, repeat, member);
  return { unit: glorotUnit(width, HIDDEN), fillNext: stream.fillIntegers };
}

/** The same, written out. */
export function initialFirstWeights(width: number, { seed, repeat, member }: NetworkKey): Float32Array {
  return glorotUniform(width, HIDDEN, randomStream('first-layer', seed, repeat, member));
}

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
