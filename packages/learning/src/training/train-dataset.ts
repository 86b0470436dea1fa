import type { SweepTable } from '../saved/head-card.js';
import type { DatasetTraining } from './dataset-training.js';
import { type SweepSteps, sweepSettings } from './sweep-settings.js';
import { trainHead } from './train-head.js';
import { planOf } from './training-plan.js';
import type { TrainingPool } from './training-pool.js';
import type { HeadSettings, TrainedHead, TrainingHooks } from './training-request.js';

export interface DatasetHooks extends TrainingHooks {
  /** Of a sweep, where the run is one. */
  readonly steps?: SweepSteps;
}

export interface TrainedDataset {
  readonly head: TrainedHead;
  /** What the delivered model was trained with. */
  readonly settings: HeadSettings;
  /** Where settings were chosen by a sweep. */
  readonly sweep?: SweepTable;
}

/**
 * Every network of a run and its test scores, a sweep included. The same training gives the same bits, wherever it is
 * called from. Throws `UnfitDatasetError` for a sweep that cannot be made, `DivergedError` where training goes astray.
 */
export async function trainDataset(
  pool: TrainingPool,
  training: DatasetTraining,
  hooks: DatasetHooks = {},
): Promise<TrainedDataset> {
  const { rows, labels, classes, folds, settings, form = 'dual' } = training;
  const repeats = folds[0]?.length ?? 0;
  const plan = planOf(Array.from({ length: repeats }, (_, repeat) => folds.map((ofMember) => ofMember[repeat] ?? -1)));
  const { steps, ...watching } = hooks;
  const swept = await sweepSettings(pool, training, { ...pick(watching), ...(steps === undefined ? {} : { steps }) });
  // The folds of a sweep are trained, each with what was chosen without it.
  const own = swept === undefined ? plan : { ...plan, folds: [] };
  const request = { rows, labels, classes, plan: own, settings: swept?.best ?? settings, form };
  const head = await trainHead(pool, request, watching);
  if (swept === undefined) return { head, settings };
  return { head: { ...head, scores: swept.scores }, settings: swept.best, sweep: swept.table };
}

function pick({ onProgress, signal }: TrainingHooks): Pick<TrainingHooks, 'onProgress' | 'signal'> {
  return { ...(onProgress === undefined ? {} : { onProgress }), ...(signal === undefined ? {} : { signal }) };
}
