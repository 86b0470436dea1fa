import {
  type Catalogue,
  countRunStages,
  findDatasetOfModel,
  findModelOfRun,
  findRun,
  listEnginesOfDataset,
  listScoredMembers,
} from '@xvision/catalogue';
import { PoisonMessageError } from '@xvision/contracts';
import type { RunFacts } from './run-report.js';

/** Everything that the report of a trained run is made from. Throws PoisonMessageError for a run that does not exist or was never trained. */
export async function gatherFacts(catalogue: Pick<Catalogue, 'prisma'>, runId: string): Promise<RunFacts> {
  const run = await findRun(catalogue, runId);
  if (run === undefined)
    throw new PoisonMessageError(`run ${runId} is not in the catalogue, so it cannot be evaluated`);
  const model = await findModelOfRun(catalogue, runId);
  if (model === undefined) throw new PoisonMessageError(`run ${runId} has no model yet: train it before evaluating it`);
  const dataset = await findDatasetOfModel(catalogue, model.id);
  if (dataset === undefined) throw new PoisonMessageError(`model ${model.id} of run ${runId} has no dataset`);

  const { weights, numerics } = dataset;
  const [members, counts, engines] = await Promise.all([
    listScoredMembers(catalogue, { modelId: model.id, datasetSha256: dataset.sha256 }),
    countRunStages(catalogue, { runId, weights, numerics }),
    listEnginesOfDataset(catalogue, dataset.sha256),
  ]);
  return { run, model, dataset, members, counts, engines };
}
