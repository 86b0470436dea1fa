import type { Metrics } from '@xvision/service-kit';
import type { TrainOutcome } from './train-run.js';

export interface TrainerMetrics {
  done(outcome: TrainOutcome, milliseconds: number): void;
}

/** Runs by outcome, and how long they took. */
export function createTrainerMetrics(metrics: Metrics): TrainerMetrics {
  const runs = metrics.counter({
    name: 'xvision_trainer_runs_total',
    help: 'Runs by outcome: trained, reused (an equal model was there), failed (with a reason), repeated (same event again)',
    labelNames: ['outcome'],
  });
  const seconds = metrics.histogram({
    name: 'xvision_trainer_run_seconds',
    help: 'Time from the event to the model',
    buckets: [0.5, 1, 2, 5, 10, 30, 60, 120, 300, 900, 3600],
  });
  return {
    done(outcome, milliseconds) {
      runs.inc({ outcome });
      if (outcome === 'trained') seconds.observe(milliseconds / 1000);
    },
  };
}
