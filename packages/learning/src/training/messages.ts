import type { SgdSettings, TrainingMoments } from '../heads/training-settings.js';
import type { LogisticParameters } from '../logistic/logistic-head.js';
import type { NetworkKey } from './initial-layers.js';
import type { LayerPieces } from './products.js';
import type { SharedRows } from './shared-rows.js';

/** A state of training after some epochs, from which it goes on to the same bits. */
export interface TrainingState {
  /** Epochs done. */
  readonly epoch: number;
  readonly losses: readonly number[];
  readonly parameters: Readonly<Record<string, Float32Array>>;
}

/** One block of the kernel. */
export interface GramJob {
  readonly kind: 'gram';
  readonly rows: SharedRows;
  readonly kernel: SharedRows;
  readonly pair: readonly [number, number];
}

/** X W1_0 of one network. */
export interface ProjectJob {
  readonly kind: 'project';
  readonly rows: SharedRows;
  readonly projection: SharedRows;
  readonly key: NetworkKey;
}

/** What the dual form reads: the rows' products with each other and with the first layer's initial weights. */
export interface DualData {
  readonly form: 'dual';
  readonly kernel: SharedRows;
  readonly projection: SharedRows;
}

/** What the ordinary form reads: the rows themselves. */
export interface OrdinaryData {
  readonly form: 'ordinary';
  readonly rows: SharedRows;
}

/** One network on one training set, from its initial weights or from a checkpoint to the last epoch. */
export interface TrainJob {
  readonly kind: 'train';
  readonly data: DualData | OrdinaryData;
  readonly labels: Int32Array;
  readonly classes: number;
  readonly train: Int32Array;
  readonly test: Int32Array;
  readonly key: NetworkKey;
  /** -1 for the delivered model, so that its order of images is its own. */
  readonly fold: number;
  readonly epochs: number;
  readonly batchSize: number;
  /** `fixed`: every epoch goes through the images in the order of the first. */
  readonly order: 'shuffled' | 'fixed';
  readonly settings: SgdSettings;
  readonly from: TrainingState | null;
  /** Send the state after every epoch and wait for the answer before the next. */
  readonly reportEpochs: boolean;
}

export interface TrainOutcome {
  readonly state: TrainingState;
  readonly moments: TrainingMoments;
  /** Of the test images, [test, classes]. */
  readonly probabilities: Float64Array;
}

/** The first layer of a trained network in its ordinary form. */
export interface FirstLayerJob {
  readonly kind: 'first-layer';
  readonly rows: SharedRows;
  readonly key: NetworkKey;
  /** A row per row of `rows`. */
  readonly span: Float32Array;
  readonly scale: number;
}

/** The logistic head on one training set. */
export interface LogisticJob {
  readonly kind: 'logistic';
  readonly rows: SharedRows;
  readonly labels: Int32Array;
  readonly classes: number;
  readonly train: Int32Array;
  readonly test: Int32Array;
}

export interface LogisticOutcome {
  readonly parameters: LogisticParameters;
  /** Mean cross-entropy of the training images at the optimum, in nats. */
  readonly loss: number;
  readonly probabilities: Float64Array;
}

export type Job = GramJob | ProjectJob | TrainJob | FirstLayerJob | LogisticJob;

/** What each kind of job answers. */
export interface Outcomes {
  readonly gram: null;
  readonly project: null;
  readonly train: TrainOutcome;
  readonly 'first-layer': LayerPieces;
  readonly logistic: LogisticOutcome;
}

export type OutcomeOf<J extends Job> = Outcomes[J['kind']];

/** What a thread is started with. */
export interface WorkerStart {
  /** One number that the threads share; not zero: stop at the next epoch. */
  readonly stop: Int32Array<SharedArrayBuffer>;
  readonly nativeModules: string | undefined;
}

export type ToWorker =
  | { readonly type: 'job'; readonly job: Job }
  | { readonly type: 'go-on' }
  /** The state of this epoch could not be kept: the job ends here. */
  | { readonly type: 'give-up' }
  | { readonly type: 'close' };

export type FromWorker =
  | { readonly type: 'done'; readonly outcome: Outcomes[Job['kind']] }
  | { readonly type: 'epoch'; readonly state: TrainingState }
  | { readonly type: 'failed'; readonly name: string; readonly message: string };
