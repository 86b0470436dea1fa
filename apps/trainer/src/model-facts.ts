import type { FrozenDataset, RunRow, TestScore } from '@xvision/catalogue';
import { POOL5_LENGTH, type TrainingChoice, type TrainingForm } from '@xvision/contracts';
import type { HeadCard, HeadSettings, SweepTable, TestScores } from '@xvision/learning';
import { canonicalJson, sha256Of } from './canonical-json.js';

/** Of everything that decides the weights and the scores: the same model is trained once. */
export function contentKeyOf(
  { settings }: Pick<RunRow, 'settings'>,
  { sha256 }: Pick<FrozenDataset, 'sha256'>,
  form: TrainingForm = 'dual',
): string {
  const { head, seed, epochs, batchSize, learningRate, momentum, weightDecay, order, sweep } = settings;
  const numbers = { head, seed, epochs, batchSize, learningRate, momentum, weightDecay };
  // What is usual is not named, so that models of earlier versions keep their keys. The forms differ in last bits.
  const networks = { ...numbers, ...(order === 'fixed' ? { order } : {}), ...(form === 'ordinary' ? { form } : {}) };
  const decisive = head === 'logistic' ? { head } : { ...networks, ...(sweep === undefined ? {} : { sweep }) };
  return sha256Of(canonicalJson({ format: 'xvision-head-1', dataset: sha256, ...decisive }));
}

export interface TrainedWith {
  readonly settings: HeadSettings;
  readonly sweep?: SweepTable | undefined;
  readonly training?: TrainingChoice | undefined;
}

/** All that scoring needs to be right. */
export function cardOf({ settings, sweep, training }: TrainedWith, dataset: FrozenDataset, sha256: string): HeadCard {
  const { head, seed, epochs, batchSize, learningRate, momentum, weightDecay, order } = settings;
  const numbers = { seed, epochs, batchSize, learningRate, momentum, weightDecay };
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
    hyperParameters: { ...numbers, ...(order === 'fixed' ? { order } : {}) },
    ...(training === undefined ? {} : { training }),
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
