import type { DatasetFacts, ModelRow, RunRow, ScoredMember } from '@xvision/catalogue';
import type { RunReport, StageCounts } from '@xvision/contracts';
import { type Evaluation, type EvaluationInput, evaluateScores, readCovariates } from '@xvision/evaluation';

/** Everything of a run that its report is made from. */
export interface RunFacts {
  readonly run: RunRow;
  readonly model: ModelRow;
  readonly dataset: DatasetFacts;
  readonly members: readonly ScoredMember[];
  readonly counts: StageCounts;
  /** The engines that computed the features, as they name themselves. */
  readonly engines: readonly string[];
}

/** Evaluates a run's out-of-fold scores. Throws RangeError where a score is not a finite probability per class. */
export function reportOnRun(facts: RunFacts): { report: RunReport; named: Evaluation['named'] } {
  const { run, model, dataset, members, counts, engines } = facts;
  const synthetic = run.synthetic || dataset.synthetic;
  const { metrics, named } = evaluateScores(evaluationInput(facts, synthetic));
  const report: RunReport = {
    run: run.id,
    model: model.id,
    task: run.taskName,
    synthetic,
    engine: engines.length === 0 ? 'not recorded' : engines.join(' and '),
    weights: dataset.weights,
    untrainedBackbone: dataset.untrained,
    head: run.settings.head,
    ...(run.training === null ? {} : { training: run.training }),
    seed: run.settings.seed,
    dataset: dataset.sha256,
    counts: { ...counts, train: countTrained(members), test: members.filter(isTested).length },
    metrics,
    notice: 'Research use only; not a medical device',
  };
  return { report, named };
}

function evaluationInput({ run, dataset, members }: RunFacts, synthetic: boolean): EvaluationInput {
  const classes = dataset.task.classes.map((one) => one.name);
  return {
    classes,
    images: members.map(({ label, patient, folds, scores, greyStatistics, attributes, view }) => ({
      label,
      patient,
      folds,
      scores,
      grey: greyStatistics,
      covariates: readCovariates(attributes, view),
    })),
    context: {
      task: run.taskName,
      synthetic,
      untrainedBackbone: dataset.untrained,
      leaks: dataset.leaks,
      aboutNodules: [run.taskName, ...classes].some((name) => /nodul/i.test(name)),
    },
  };
}

export function isTested(member: ScoredMember): boolean {
  return member.scores.length > 0;
}

/** The delivered model learns from what is never tested; where every image is tested (cross-validation), from all. */
function countTrained(members: readonly ScoredMember[]): number {
  const never = members.filter((member) => member.folds.every((fold) => fold < 0)).length;
  return never === 0 ? members.length : never;
}
