import { trainLogistic } from './train-logistic.js';
import { trainNetworks } from './train-networks.js';
import type { TrainingJobs, TrainingPool } from './training-pool.js';
import type { TrainedHead, TrainingHooks, TrainingRequest } from './training-request.js';

/**
 * Trains the networks of every fold and the delivered model. The same request gives the same bits however many threads
 * the pool has. Rejects with `DivergedError` when a loss is no longer a number; what then still waits is dropped.
 */
export async function trainHead(
  pool: TrainingPool,
  request: TrainingRequest,
  hooks: TrainingHooks = {},
): Promise<TrainedHead> {
  const failing = new AbortController();
  const signal = AbortSignal.any([failing.signal, ...(hooks.signal === undefined ? [] : [hooks.signal])]);
  const jobs: TrainingJobs = {
    run: (job, { onEpoch } = {}) =>
      pool.run(job, {
        signal,
        onEpoch: async (state) => {
          signal.throwIfAborted();
          await onEpoch?.(state);
        },
      }),
  };
  try {
    return await (request.settings.head === 'logistic' ? trainLogistic : trainNetworks)(jobs, request, hooks);
  } catch (error) {
    failing.abort(error);
    throw error;
  }
}
