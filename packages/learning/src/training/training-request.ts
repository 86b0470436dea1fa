import type { Head, RunSettings, TrainingForm } from '@xvision/contracts';
import type { DeferredTensor } from '../saved/safetensors.js';
import type { TrainingState } from './messages.js';
import type { SharedProducts } from './shared-products.js';
import type { SharedRows } from './shared-rows.js';
import type { FoldPlan, TrainingPlan } from './training-plan.js';

/** What of a run's settings decides the weights. */
export type HeadSettings = Pick<
  RunSettings,
  'head' | 'seed' | 'epochs' | 'batchSize' | 'learningRate' | 'momentum' | 'weightDecay' | 'order'
>;

export interface TrainingRequest {
  readonly rows: SharedRows;
  /** Class of each row. */
  readonly labels: Int32Array;
  readonly classes: number;
  readonly plan: TrainingPlan;
  readonly settings: HeadSettings;
  /** `dual` unless told; the logistic head has one form only. */
  readonly form?: TrainingForm;
  /** Products of these rows that several trainings share. */
  readonly products?: SharedProducts;
}

export interface TrainingHooks {
  /** A checkpoint of a network of the delivered model, from which to go on. */
  readonly resume?: (member: number) => Promise<TrainingState | undefined>;
  /** After each epoch of a network of the delivered model; the next waits for it. */
  readonly onEpoch?: (member: number, state: TrainingState) => Promise<void>;
  /** After each network of a fold, with its loss per epoch. */
  readonly onFold?: (fold: FoldPlan, member: number, losses: readonly number[]) => void;
  /** Drops what is not trained yet. */
  readonly signal?: AbortSignal;
  /** Networks trained so far, of how many. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Probabilities of images by networks that never saw their patient. */
export interface TestScores {
  readonly repeat: number;
  readonly fold: number;
  /** Places of the tested rows. */
  readonly test: Int32Array;
  /** [test, classes], averaged over the members of an ensemble. */
  readonly probabilities: Float64Array;
}

export interface TrainedHead {
  readonly scores: readonly TestScores[];
  /** Of each network of the delivered model, its mean loss after each epoch; one entry for the logistic head. */
  readonly losses: readonly (readonly number[])[];
  /** The delivered model; large tensors are computed when they are written. */
  readonly tensors: readonly DeferredTensor[];
}

/** Networks whose probabilities are averaged (science.md, section 2: five are the only clear gain). */
export function membersOf(head: Head): number {
  return head === 'seed-ensemble' ? 5 : 1;
}
