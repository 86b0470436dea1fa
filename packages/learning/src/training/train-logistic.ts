import type { LogisticParameters } from '../logistic/logistic-head.js';
import type { DeferredTensor } from '../saved/safetensors.js';
import type { FoldPlan, TrainingSets } from './training-plan.js';
import type { TrainingJobs } from './training-pool.js';
import type { TestScores, TrainedHead, TrainingHooks, TrainingRequest } from './training-request.js';

/** One exact fit per fold and one for the delivered model, side by side. */
export async function trainLogistic(
  pool: TrainingJobs,
  { rows, labels, classes, plan }: TrainingRequest,
  { onFold, onProgress }: TrainingHooks,
): Promise<TrainedHead> {
  const total = plan.folds.length + (plan.delivered === null ? 0 : 1);
  let done = 0;
  const fit = async ({ train, test }: TrainingSets, fold?: FoldPlan) => {
    const outcome = await pool.run({ kind: 'logistic', rows, labels, classes, train, test });
    if (fold !== undefined) onFold?.(fold, 0, [outcome.loss]);
    done += 1;
    onProgress?.(done, total);
    return outcome;
  };
  const [delivered, ...folds] = await Promise.all([
    plan.delivered === null ? null : fit(plan.delivered),
    ...plan.folds.map((fold) => fit(fold, fold)),
  ]);
  const scores = plan.folds.map(({ repeat, fold, test }, index): TestScores => {
    return { repeat, fold, test, probabilities: folds[index]?.probabilities ?? new Float64Array(0) };
  });
  if (plan.delivered === null || delivered === null) return { scores, losses: [], tensors: [] };
  if (plan.delivered.test.length > 0) {
    scores.push({ repeat: 0, fold: 0, test: plan.delivered.test, probabilities: delivered.probabilities });
  }
  return { scores, losses: [[delivered.loss]], tensors: tensorsOf(delivered.parameters) };
}

function tensorsOf({ mean, deviation, weights, intercepts }: LogisticParameters): DeferredTensor[] {
  const tensor = (name: string, values: Float64Array, dims: number[]): DeferredTensor => {
    return { name, dims, type: 'F64', pieces: () => [values] };
  };
  return [
    tensor('mean', mean, [mean.length]),
    tensor('deviation', deviation, [deviation.length]),
    tensor('weights', weights, [mean.length, intercepts.length]),
    tensor('intercepts', intercepts, [intercepts.length]),
  ];
}
