import type { Logger, Metrics } from '@xvision/service-kit';

export interface FinishedJob {
  readonly job: 'run' | 'prediction' | 'study';
  readonly id: string;
  readonly outcome: string;
  /** Of performance.now(). */
  readonly started: number;
}

export interface EvaluatorMetrics {
  /** Notes how a job ended and how long it took. */
  done(finished: FinishedJob): void;
}

/** Jobs by kind and outcome, and their duration; one line in the log for each. */
export function createEvaluatorMetrics(metrics: Metrics, log: Pick<Logger, 'info'>): EvaluatorMetrics {
  const jobs = metrics.counter({
    name: 'xvision_evaluator_jobs_total',
    help: 'Evaluations of runs, prediction jobs and studies, by outcome',
    labelNames: ['job', 'outcome'],
  });
  const seconds = metrics.histogram({
    name: 'xvision_evaluator_job_seconds',
    help: 'Duration of an evaluation, a prediction job or a study',
    labelNames: ['job'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
  });
  return {
    done({ job, id, outcome, started }) {
      const milliseconds = performance.now() - started;
      jobs.inc({ job, outcome });
      seconds.observe({ job }, milliseconds / 1000);
      log.info({ job, id, outcome, milliseconds: Math.round(milliseconds) }, 'finished');
    },
  };
}
