import type { Metrics } from '@xvision/service-kit';

export interface EvaluatorMetrics {
  /** Notes how a job ended and how long it took, from `started` (of performance.now()). */
  done(job: 'run' | 'prediction', outcome: string, started: number): void;
}

/** Jobs by kind and outcome, and their duration. */
export function createEvaluatorMetrics(metrics: Metrics): EvaluatorMetrics {
  const jobs = metrics.counter({
    name: 'xvision_evaluator_jobs_total',
    help: 'Evaluations of runs and prediction jobs, by outcome',
    labelNames: ['job', 'outcome'],
  });
  const seconds = metrics.histogram({
    name: 'xvision_evaluator_job_seconds',
    help: 'Duration of an evaluation or a prediction job',
    labelNames: ['job'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
  });
  return {
    done(job, outcome, started) {
      jobs.inc({ job, outcome });
      seconds.observe({ job }, (performance.now() - started) / 1000);
    },
  };
}
