import type { TrainingMoments } from '../heads/training-settings.js';

export type Parameters = Readonly<Record<string, Float32Array>>;

/** The training of one network on one training set, whichever form computes it. */
export interface NetworkTraining {
  /** The state before the first step. */
  start(): Parameters;
  /** Passes over places of the training set, in batches, with the mean loss of each. */
  epochs(
    parameters: Parameters,
    passes: { readonly orders: readonly Int32Array[]; readonly batchSize: number },
  ): Promise<{ parameters: Parameters; losses: readonly number[] }>;
  /** Moments of the training set at the end, and the probabilities [tested, classes] of other rows under them. */
  finish(
    parameters: Parameters,
    tested: Int32Array,
  ): Promise<{ moments: TrainingMoments; probabilities: ArrayLike<number> & Iterable<number> }>;
}
