import type { FrozenDataset, RunRow, TestScore } from '@xvision/catalogue';
import { POOL5_LENGTH } from '@xvision/contracts';
import type { HeadCard, HeadSettings, SweepTable, TestScores } from '@xvision/learning';
import { canonicalJson, sha256Of } from './canonical-json.js';

/** Of everything that decides the weights and the scores: the same model is trained once. */
export function contentKeyOf({ settings }: RunRow, { sha256 }: FrozenDataset): string {
  const { head, seed, epochs, batchSize, learningRate, momentum, weightDecay, sweep } = settings;
  const networks = { head, seed, epochs, batchSize, learningRate, momentum, weightDecay };
  const decisive = head === 'logistic' ? { head } : { ...networks, ...(sweep === undefined ? {} : { sweep }) };
  return sha256Of(canonicalJson({ format: 'xvision-head-1', dataset: sha256, ...decisive }));
}

/** All that scoring needs to be right. */
export function cardOf(
  { settings, sweep }: { readonly settings: HeadSettings; readonly sweep?: SweepTable | undefined },
  dataset: FrozenDataset,
  sha256: string,
): HeadCard {
  const { head, seed, epochs, batchSize, learningRate, momentum, weightDecay } = settings;
  const { task, backbone, weights, preprocessing, numerics, trained, synthetic } = dataset;
  return {
    format: 'xvision-head-1',
    head,
    classes: task.classes.map(({ name }) => name),
    task: task.name,
    backbone,
    weights,
    trainedBackbone: trained,
    preprocessing,
    numerics,
    featureLength: POOL5_LENGTH,
    hyperParameters: { seed, epochs, batchSize, learningRate, momentum, weightDecay },
    ...(sweep === undefined ? {} : { sweep }),
    dataset: dataset.sha256,
    synthetic,
    sha256,
  };
}

/** The scores of one fold as rows of the catalogue. */
export function scoresOf(
  { members, task }: FrozenDataset,
  { repeat, fold, test, probabilities }: TestScores,
): TestScore[] {
  const classes = task.classes.length;
  return Array.from(test, (place, row) => {
    const { imageId = '', label = 0 } = members[place] ?? {};
    const own = [...probabilities.subarray(row * classes, (row + 1) * classes)];
    return { imageId, repeat, fold, label, probabilities: own };
  });
}
