import { promotePredictionJobs, promoteRuns, somethingWaits } from '@xvision/catalogue';
import { type Dependencies, SOURCE } from './dependencies.js';

const origin = { source: SOURCE };

/** Asks for the runs and predictions whose images are all settled, and fails those that can never start. */
export async function sweep({ catalogue, log, metrics }: Dependencies): Promise<void> {
  if (!(await somethingWaits(catalogue))) return;
  const runs = await catalogue.transaction((tx) => promoteRuns(tx, origin));
  const jobs = await catalogue.transaction((tx) => promotePredictionJobs(tx, origin));
  for (const runId of runs.requested) log.info({ runId }, 'every image of the run is settled; training is asked for');
  for (const runId of runs.failed) log.warn({ runId }, 'a run can never start; its message says why');
  for (const jobId of jobs.requested)
    log.info({ jobId }, 'every image of the prediction is settled; scores are asked for');
  for (const jobId of jobs.failed) log.warn({ jobId }, 'a prediction can never start; its message says why');
  metrics.promoted.inc(runs.requested.length + jobs.requested.length);
}
