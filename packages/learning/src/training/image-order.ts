import { randomStream } from '../random/random-stream.js';
import { shuffled } from '../random/shuffle.js';
import type { NetworkKey } from './initial-layers.js';

export interface OrderedTraining {
  readonly key: NetworkKey;
  /** -1 for the delivered model, so that its order is its own. */
  readonly fold: number;
  readonly count: number;
  /** `fixed`: every epoch goes through the images in the order of the first. */
  readonly order: 'shuffled' | 'fixed';
}

/** Places of a training set in the order in which an epoch goes through them; epochs count from 1. */
export function imageOrder({ key, fold, count, order }: OrderedTraining, epoch: number): Int32Array {
  const { seed, repeat, member } = key;
  return shuffled(count, randomStream('shuffle', seed, repeat, fold, member, order === 'fixed' ? 1 : epoch));
}
