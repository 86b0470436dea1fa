import {
  type Catalogue,
  findDatasetOfModel,
  findRunView,
  listMemberOrigins,
  listScoredMembers,
} from '@xvision/catalogue';
import { readCovariates } from '@xvision/evaluation';
import { ConflictError, NotFoundError } from '../api/failures.js';
import type { EvidenceQuestion, TestedImage } from './gather-evidence.js';

type RunView = NonNullable<Awaited<ReturnType<typeof findRunView>>>;

/** A run that has tested something. */
export interface TestedRun {
  readonly run: RunView;
  readonly modelId: string;
  readonly datasetSha256: string;
  readonly classes: readonly string[];
}

/** Throws when there is no such run, and while it has no model. */
export async function testedRunOf(catalogue: Catalogue, id: string): Promise<TestedRun> {
  const run = await findRunView(catalogue, id);
  if (run === undefined) throw new NotFoundError(`there is no run ${id}`);
  const dataset = run.modelId === null ? undefined : await findDatasetOfModel(catalogue, run.modelId);
  if (run.modelId === null || dataset === undefined) {
    throw new ConflictError(`run ${id} is ${run.state} and has tested nothing yet. Wait until it is trained`);
  }
  const classes = dataset.task.classes.map(({ name }) => name);
  return { run, modelId: run.modelId, datasetSha256: dataset.sha256, classes };
}

/** The images that the run's networks tested, in the dataset's order. */
export async function evidenceQuestionOf(catalogue: Catalogue, tested: TestedRun): Promise<EvidenceQuestion> {
  const { modelId, datasetSha256, classes } = tested;
  const members = await listScoredMembers(catalogue, { modelId, datasetSha256 });
  const origins = await listMemberOrigins(catalogue, datasetSha256);
  const images = members.flatMap(({ imageId, label, patient, view, attributes, scores }): TestedImage[] => {
    if (scores.length === 0) return [];
    const mean = (k: number) => scores.reduce((sum, one) => sum + (one.probabilities[k] ?? 0), 0) / scores.length;
    const { file = imageId, source = 'unknown' } = origins.get(imageId) ?? {};
    const covariates = readCovariates(attributes, view);
    const probabilities = classes.map((_, k) => mean(k));
    return [{ imageId, file, source, label, patient, covariates, probabilities, scores }];
  });
  return { classes, images };
}
