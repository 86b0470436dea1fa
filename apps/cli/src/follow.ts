import { setTimeout as sleep } from 'node:timers/promises';
import { type Collection, deadLetterSchema, type PredictionJob, type Run, runLossesSchema } from '@xvision/contracts';
import type { ApiClient } from './api-client.js';
import { CommandError } from './failure.js';
import type { Progress, StageProgress } from './progress.js';

const POLL_MS = 250;
const LOOKS_BETWEEN_DEAD_LETTERS = 8;

/** What the pipeline has made of some collections so far, as stages of a progress display. */
function stagesOf(collections: readonly Collection[]): StageProgress[] {
  const sum = (pick: (one: Collection) => number) => collections.reduce((total, one) => total + pick(one), 0);
  const collected = sum((one) => one.counts.collected);
  const rejected = sum((one) => one.counts.rejected);
  const expected = collections.every((one) => one.expected !== null) ? sum((one) => one.expected ?? 0) : undefined;
  const total = collections.every((one) => one.state === 'harvested') ? collected : expected;
  return [
    { stage: 'collected', done: collected, total },
    { stage: 'prepared', done: sum((one) => one.counts.prepared) + rejected, total },
    { stage: 'extracted', done: sum((one) => one.counts.extracted) + rejected, total },
  ];
}

/** An event that a service gave up on may be what is waited for; waiting for it would never end. */
async function refuseDeadLetters(api: ApiClient, since: Date): Promise<void> {
  for await (const letter of api.all('/api/dead-letters?state=open', deadLetterSchema)) {
    if (new Date(letter.createdAt) < since) return;
    throw new CommandError(
      `the ${letter.consumer} gave up on ${letter.subject}: ${letter.message}. ` +
        `When the cause is gone: xvision dead-letters --redrive ${letter.id} --reason "..."`,
    );
  }
}

/**
 * Waits until every image of the collections is rejected or has features. Throws when a harvest failed, or when a
 * service gave up on an event meanwhile.
 */
export async function settled(api: ApiClient, ids: readonly string[], progress: Progress): Promise<Collection[]> {
  const since = new Date();
  for (let looks = 1; ; looks += 1) {
    if (looks % LOOKS_BETWEEN_DEAD_LETTERS === 0) await refuseDeadLetters(api, since);
    const collections = await Promise.all(ids.map((id) => api.collection(id)));
    progress.update(stagesOf(collections));
    const failed = collections.find((one) => one.state === 'failed');
    if (failed !== undefined)
      throw new CommandError(`collecting ${failed.name} failed: ${failed.message ?? 'no reason was given'}`);
    if (collections.every((one) => one.settled)) return collections;
    await sleep(POLL_MS);
  }
}

/** Waits until a run is evaluated. Throws with the run's own reason when it failed. */
export async function evaluated(api: ApiClient, id: string, progress: Progress): Promise<Run> {
  for (;;) {
    const run = await api.run(id);
    if (run.state === 'failed') throw new CommandError(`run ${id} failed: ${run.message ?? 'no reason was given'}`);
    if (run.state !== 'waiting' && run.state !== 'requested') {
      const { deliveredDone } = await api.get(`/api/runs/${id}/losses`, runLossesSchema);
      const members = run.settings.head === 'seed-ensemble' ? 5 : 1;
      const total = run.settings.head === 'logistic' ? members : members * run.settings.epochs;
      const done = run.state === 'training' ? Math.min(total, deliveredDone) : total;
      progress.update([
        { stage: 'trained', done, total },
        { stage: 'evaluated', done: run.state === 'evaluated' ? 1 : 0, total: 1 },
      ]);
    }
    if (run.state === 'evaluated') return run;
    await sleep(POLL_MS);
  }
}

/** Waits until a prediction job has an answer for every file. */
export async function predicted(api: ApiClient, id: string): Promise<PredictionJob> {
  for (;;) {
    const job = await api.predictionJob(id);
    if (job.state === 'failed')
      throw new CommandError(`prediction ${id} failed: ${job.message ?? 'no reason was given'}`);
    if (job.state === 'done') return job;
    await sleep(POLL_MS);
  }
}
