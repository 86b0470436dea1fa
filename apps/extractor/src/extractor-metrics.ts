import type { Metrics } from '@xvision/service-kit';
import type { Outcome } from './extract-features.js';

/** Span over which the rate is taken, in ms. */
const RATE_WINDOW_MS = 60_000;

export interface ExtractorMetrics {
  image(outcome: Outcome): void;
  batch(size: number): void;
}

/** Images by outcome, their rate over the last minute, sizes of batches, and what computes. */
export function createExtractorMetrics(
  metrics: Metrics,
  model: { readonly engine: string; readonly weights: string; readonly trained: boolean },
): ExtractorMetrics {
  const finished: number[] = [];
  const images = metrics.counter({
    name: 'xvision_extractor_images_total',
    help: 'Images by outcome: computed, reused (same content was computed before), repeated (same event again)',
    labelNames: ['outcome'],
  });
  const batches = metrics.histogram({
    name: 'xvision_extractor_batch_size',
    help: 'Images per forward pass',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
  });
  metrics.gauge({
    name: 'xvision_extractor_images_per_second',
    help: 'Images finished per second over the last minute',
    collect() {
      forgetOld(finished);
      this.set(finished.length / (RATE_WINDOW_MS / 1000));
    },
  });
  metrics
    .gauge({
      name: 'xvision_extractor_backbone',
      help: 'Always 1; its labels say what computes the features',
      labelNames: ['engine', 'weights', 'trained'],
    })
    .set({ engine: model.engine, weights: model.weights, trained: String(model.trained) }, 1);
  return {
    image(outcome) {
      images.inc({ outcome });
      finished.push(Date.now());
      forgetOld(finished);
    },
    batch: (size) => batches.observe(size),
  };
}

function forgetOld(times: number[]): void {
  const oldest = Date.now() - RATE_WINDOW_MS;
  const keep = times.findIndex((time) => time >= oldest);
  times.splice(0, keep === -1 ? times.length : keep);
}
