import type { Run, RunReport } from '@xvision/contracts';
import { CommandError } from './failure.js';

/** The report of an evaluated run; throws when there is none yet. */
export function reportOf(run: Run): RunReport {
  if (run.report === null)
    throw new CommandError(
      `run ${run.id} has no report yet: it is ${run.state}${run.message === null ? '' : ` (${run.message})`}`,
    );
  return run.report;
}
