import type { Catalogue } from '@xvision/catalogue';
import { PoisonMessageError } from '@xvision/contracts';
import { gatherFacts } from '../gather-facts.js';
import { isTested, type RunFacts } from '../run-report.js';
import { UnfitStudyError } from './study.js';

/** What a study of a run rests on. Throws {@link UnfitStudyError} for a run that is not there, not trained or never tested. */
export async function factsOfRun(catalogue: Pick<Catalogue, 'prisma'>, runId: string): Promise<RunFacts> {
  const facts = await gatherFacts(catalogue, runId).catch((error: unknown) => {
    if (error instanceof PoisonMessageError) throw new UnfitStudyError(error.message, { cause: error });
    throw error;
  });
  if (!facts.members.some(isTested)) {
    throw new UnfitStudyError(`model ${facts.model.id} of run ${runId} has no test scores: train the run again`);
  }
  return facts;
}
