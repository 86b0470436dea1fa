import type { Floats } from './precision.js';

/** Steps of plain SGD; 0 switches momentum and weight decay off altogether. */
export interface SgdSettings {
  readonly learningRate: number;
  readonly momentum: number;
  readonly weightDecay: number;
}

/** BatchNorm's moments at inference: over the whole training set, at the final weights. */
export interface TrainingMoments {
  readonly firstMean: Floats;
  readonly firstVariance: Floats;
  readonly secondMean: Floats;
  readonly secondVariance: Floats;
}

/** Training went somewhere from which it does not come back; the message says where and what to change. */
export class DivergedError extends Error {
  override readonly name = 'DivergedError';
}
