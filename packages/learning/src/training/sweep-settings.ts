import type { RunSettings } from '@xvision/contracts';
import type { SweepTable } from '../saved/head-card.js';
import { UnfitDatasetError } from '../splits/dataset-errors.js';
import type { DatasetTraining } from './dataset-training.js';
import { type SweepHooks, sweepHeads } from './sweep-heads.js';
import type { TrainingPool } from './training-pool.js';
import type { HeadSettings, TestScores } from './training-request.js';

/** Where a sweep keeps what it has scored, so that the next copy of the trainer does not score it again. */
export interface SweepSteps {
  open(): Promise<Required<Pick<SweepHooks, 'recall' | 'keep'>>>;
}

export interface Swept {
  /** What the delivered model is trained with. */
  readonly best: HeadSettings;
  /** Out-of-fold scores, each under what was chosen without its fold. */
  readonly scores: readonly TestScores[];
  readonly table: SweepTable;
}

/** Every combination that a run's settings name, the learning rates varying slowest. */
function settingsOf(settings: RunSettings, sweep: NonNullable<RunSettings['sweep']>): HeadSettings[] {
  return sweep.learningRates.flatMap((learningRate) =>
    sweep.weightDecays.flatMap((weightDecay) =>
      sweep.seeds.map((seed) => ({ ...settings, learningRate, weightDecay, seed })),
    ),
  );
}

/**
 * The sweep of a run, or undefined where it asks for none. Throws {@link UnfitDatasetError} where there is nothing to
 * choose, or the split cannot be nested.
 */
export async function sweepSettings(
  pool: TrainingPool,
  { rows, labels, classes, folds, settings, form = 'dual', merit }: DatasetTraining,
  { steps, ...watching }: Pick<SweepHooks, 'onProgress' | 'signal'> & { readonly steps?: SweepSteps },
): Promise<Swept | undefined> {
  const { sweep } = settings;
  if (sweep === undefined) return undefined;
  if (settings.head === 'logistic') {
    throw new UnfitDatasetError(
      'the logistic head is solved exactly, so no learning rate, weight decay or seed changes it: sweep another head',
    );
  }
  if (folds.some((ofMember) => ofMember.length !== 1)) {
    throw new UnfitDatasetError('a sweep nests one cross-validation: ask for one repeat');
  }
  const tried = settingsOf(settings, sweep);
  const request = {
    rows,
    labels,
    classes,
    folds: folds.map(([fold = -1]) => fold),
    settings: tried,
    form,
    merit: (truth: Int32Array, probabilities: Float64Array) => merit(truth, probabilities, classes),
  };
  const { best, chosen, merits, nested } = await sweepHeads(pool, request, { ...watching, ...(await steps?.open()) });
  const table = tried.map(({ learningRate, weightDecay, seed }, index) => ({
    learningRate,
    weightDecay,
    seed,
    innerAuc: merits[index] ?? Number.NaN,
    chosenIn: chosen.filter((one) => one === index).length,
  }));
  return { best: tried[best] ?? settings, scores: nested, table };
}
