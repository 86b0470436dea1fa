import type { Estimate, RunSettings } from '@xvision/contracts';
import type { HeadCard } from '@xvision/learning';

/** `12 normal, 10 nodule`. */
export function counted(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([name, count]) => `${count} ${name}`).join(', ');
}

export function estimated({ value, low, high }: Estimate): string {
  if (value === null) return 'not defined by these data';
  return low === null || high === null
    ? value.toFixed(3)
    : `${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
}

export function splitOf({ task: { split }, seed }: RunSettings): string {
  if (split.kind === 'seed') return "the published student project's split, faults included";
  if (split.kind === 'holdout') return `hold-out of ${split.testFraction} of the patients, stratified, seed ${seed}`;
  return `${split.folds}-fold cross-validation by patient, stratified, ${split.repeats} times, seed ${seed}`;
}

export function trainingOf({ head, hyperParameters }: HeadCard): string {
  if (head === 'logistic')
    return 'L2 logistic regression on the square roots of the features, z-scored, solved exactly';
  const { epochs, batchSize, learningRate, momentum, weightDecay } = hyperParameters;
  return `SGD, ${epochs} epochs, batch ${batchSize}, learning rate ${learningRate}, momentum ${momentum}, weight decay ${weightDecay}`;
}
