import type { FrozenDataset } from '@xvision/catalogue';
import type { RunSettings, TrainingForm } from '@xvision/contracts';
import { rocAuc } from '@xvision/evaluation';
import {
  type HeadSettings,
  type SharedRows,
  type SweepHooks,
  type SweepTable,
  sweepHeads,
  type TestScores,
  type TrainingPool,
  UnfitDatasetError,
} from '@xvision/learning';
import type { SweepSteps } from './sweep-steps.js';

export interface Swept {
  /** What the delivered model is trained with. */
  readonly best: HeadSettings;
  /** Out-of-fold scores, each under what was chosen without its fold. */
  readonly scores: readonly TestScores[];
  readonly table: SweepTable;
}

export interface SweptRun {
  readonly rows: SharedRows;
  readonly dataset: FrozenDataset;
  readonly settings: RunSettings;
  readonly form?: TrainingForm | undefined;
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
 * The sweep of a run, or undefined where it asks for none. The choice goes by the AUC of the inner folds. Throws
 * {@link UnfitDatasetError} where there is nothing to choose, or the split cannot be nested.
 */
export async function sweepRun(
  pool: TrainingPool,
  { rows, dataset, settings, form = 'dual' }: SweptRun,
  hooks: Pick<SweepHooks, 'onProgress' | 'signal'> & { readonly steps: SweepSteps },
): Promise<Swept | undefined> {
  const { sweep } = settings;
  if (sweep === undefined) return undefined;
  if (settings.head === 'logistic') {
    throw new UnfitDatasetError(
      'the logistic head is solved exactly, so no learning rate, weight decay or seed changes it: sweep another head',
    );
  }
  if (dataset.members.some(({ folds }) => folds.length !== 1)) {
    throw new UnfitDatasetError('a sweep nests one cross-validation: ask for one repeat');
  }
  const tried = settingsOf(settings, sweep);
  const classes = dataset.task.classes.length;
  const request = {
    rows,
    labels: Int32Array.from(dataset.members, ({ label }) => label),
    classes,
    folds: dataset.members.map(({ folds }) => folds[0] ?? -1),
    settings: tried,
    form,
    merit: (labels: Int32Array, probabilities: Float64Array) => meanAuc(labels, probabilities, classes),
  };
  const { steps, ...watching } = hooks;
  const { recall, keep } = await steps.open();
  const { best, chosen, merits, nested } = await sweepHeads(pool, request, { ...watching, recall, keep });
  const table = tried.map(({ learningRate, weightDecay, seed }, index) => ({
    learningRate,
    weightDecay,
    seed,
    innerAuc: merits[index] ?? Number.NaN,
    chosenIn: chosen.filter((one) => one === index).length,
  }));
  return { best: tried[best] ?? settings, scores: nested, table };
}

/** As reports have it: of the last of two classes, or the mean of each against the rest; .5 for a class that is not there. */
function meanAuc(labels: Int32Array, probabilities: Float64Array, classes: number): number {
  const positives = classes === 2 ? [1] : Array.from({ length: classes }, (_, k) => k);
  const aucs = positives.map((positive) => {
    const scores = Float64Array.from(labels, (_, row) => probabilities[row * classes + positive] ?? 0);
    const truth = labels.map((label) => Number(label === positive));
    return rocAuc(truth, scores) ?? 0.5;
  });
  return aucs.reduce((sum, auc) => sum + auc, 0) / aucs.length;
}
