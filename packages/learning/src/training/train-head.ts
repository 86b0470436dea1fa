import { trainLogistic } from './train-logistic.js';
import { trainNetworks } from './train-networks.js';
import type { TrainingPool } from './training-pool.js';
import type { TrainedHead, TrainingHooks, TrainingRequest } from './training-request.js';

/**
 * Trains the networks of every fold and the delivered model. The same request gives the same bits however many threads
 * the pool has. Rejects with `DivergedError` when a loss is no longer a number.
 */
export function trainHead(
  pool: TrainingPool,
  request: TrainingRequest,
  hooks: TrainingHooks = {},
): Promise<TrainedHead> {
  return request.settings.head === 'logistic'
    ? trainLogistic(pool, request, hooks)
    : trainNetworks(pool, request, hooks);
}
