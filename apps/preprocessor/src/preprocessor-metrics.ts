import type { Metrics } from '@xvision/service-kit';
import type { Outcome } from './prepare-collected.js';

/** Runs one image's work, counts its outcome and takes its time. */
export type MeasureImage = (work: () => Promise<Outcome>) => Promise<Outcome>;

/** Images by outcome, and the seconds that each took from event to commit. */
export function createPreprocessorMetrics(metrics: Metrics): MeasureImage {
  const images = metrics.counter({
    name: 'xvision_preprocessor_images_total',
    help: 'Images by outcome: prepared, reused (equal bytes were prepared before), rejected, repeated (same event again)',
    labelNames: ['outcome'],
  });
  const seconds = metrics.histogram({
    name: 'xvision_preprocessor_image_seconds',
    help: 'Seconds from the event in hand to its effect in the catalogue',
    buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30],
  });
  return async (work) => {
    const stopClock = seconds.startTimer();
    const outcome = await work();
    stopClock();
    images.inc({ outcome });
    return outcome;
  };
}
