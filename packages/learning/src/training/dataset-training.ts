import type { RunSettings, TrainingForm } from '@xvision/contracts';
import type { SharedRows } from './shared-rows.js';

/** A frozen dataset with what shall be trained on it: all that decides the bits of a run. */
export interface DatasetTraining {
  readonly rows: SharedRows;
  /** Class of each row. */
  readonly labels: Int32Array;
  readonly classes: number;
  /** For each row, per repeat, the fold in which it is tested. */
  readonly folds: readonly (readonly number[])[];
  readonly settings: RunSettings;
  readonly form?: TrainingForm | undefined;
  /** By which a sweep chooses: how good probabilities [n, classes] are for these labels. */
  readonly merit: (labels: Int32Array, probabilities: Float64Array, classes: number) => number;
}
