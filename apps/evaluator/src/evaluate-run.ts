import type { BlobStore } from '@xvision/blob-store';
import { type Catalogue, recordEvaluation, setRunState } from '@xvision/catalogue';
import type { Envelope } from '@xvision/contracts';
import { CONSUMER, originFrom } from './consumer.js';
import { gatherFacts } from './gather-facts.js';
import { isTested, type RunFacts, reportOnRun } from './run-report.js';
import { ensureProfile } from './scoring/ensure-profile.js';

export interface EvaluateRunNeeds {
  readonly catalogue: Pick<Catalogue, 'prisma' | 'effectOnce'>;
  readonly blobs: Pick<BlobStore, 'get' | 'put'>;
}

export type EvaluationOutcome = 'evaluated' | 'failed' | 'repeated';

/**
 * Writes the report of a trained run: evaluation, numbers, state and `model.evaluated` in one transaction. Safe to
 * repeat: equal scores give the same report. A run whose scores cannot be evaluated fails and says why.
 * Throws PoisonMessageError for a run that does not exist or was never trained.
 */
export async function evaluateRun(
  { catalogue, blobs }: EvaluateRunNeeds,
  event: Envelope,
  runId: string,
): Promise<EvaluationOutcome> {
  const facts = await gatherFacts(catalogue, runId);
  const result = attempt(facts);
  if ('failure' in result) {
    const failed = await catalogue.effectOnce({ consumer: CONSUMER, eventId: event.id }, (tx) =>
      setRunState(tx, runId, { state: 'failed', message: result.failure }),
    );
    return failed ? 'failed' : 'repeated';
  }
  const { report, named } = result;
  await ensureProfile({ catalogue, blobs }, { id: facts.model.id, dataset: facts.dataset });
  const reportSha256 = await blobs.put(new TextEncoder().encode(JSON.stringify(report)));
  const evaluated = await catalogue.effectOnce({ consumer: CONSUMER, eventId: event.id }, (tx) =>
    recordEvaluation(tx, { report, reportSha256, named }, originFrom(event)),
  );
  return evaluated ? 'evaluated' : 'repeated';
}

function attempt(facts: RunFacts): ReturnType<typeof reportOnRun> | { failure: string } {
  const { model, members } = facts;
  if (!members.some(isTested)) {
    return { failure: `model ${model.id} has no test scores, so nothing can be said about it: train the run again` };
  }
  try {
    return reportOnRun(facts);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { failure: `the scores of model ${model.id} cannot be evaluated: ${error.message}. Train the run again` };
  }
}
