import type { ScoringProfile } from '@xvision/contracts';
import { proportion } from './clustered-proportion.js';
import { chooseOperatingPoint } from './decisions.js';
import { type EvaluatedImage, pool } from './pooled-scores.js';
import { applyTemperature, fitTemperature } from './temperature.js';

/** What of a profile is read off scores. */
export type Scoring = Pick<ScoringProfile, 'temperature' | 'uncalibrated' | 'operatingPoint' | 'images'>;

/**
 * Temperature and operating point of a model from its out-of-fold scores, which are validation data for the network that
 * was trained on all folds. A hold-out split has none (its scores are the test), nor have more than two classes one
 * positive: both are said. Sensitivity and specificity belong to thresholds that were chosen on the other folds.
 */
export function fitScoring(images: readonly EvaluatedImage[], classes: readonly string[]): Scoring {
  const tested = images.filter((image) => image.scores.length > 0);
  const bare = (uncalibrated: string): Scoring => ({
    temperature: null,
    uncalibrated,
    operatingPoint: null,
    images: tested.length,
  });
  if (classes.length !== 2) return bare('temperature and operating point are fitted for two classes only');
  if (images.some((image) => image.folds.some((fold) => fold < 0))) {
    return bare(
      'a hold-out split leaves no validation data, and the test is not to be tuned on: cross-validate instead',
    );
  }
  const { labels, patients, probabilities } = pool(tested, classes.length);
  const scores = probabilities.map((row) => row[1] ?? 0);
  const temperature = fitTemperature(labels, scores)?.temperature ?? null;
  const calibrated = scores.map((score) => (temperature === null ? score : applyTemperature(score, temperature)));
  const chosen = chooseOperatingPoint(labels, calibrated, { kind: 'youden' });
  const uncalibrated =
    temperature === null ? 'no temperature fits: one class only, or scores without any overlap' : null;
  if (chosen === null) return { ...bare(''), temperature, uncalibrated };
  const called = crossFitted({ labels, scores: calibrated, folds: tested.map((image) => image.folds[0] ?? 0) });
  const trials = labels.map((label, i) => ({ success: called[i] === (label === 1), patient: patients[i] ?? '' }));
  return {
    temperature,
    uncalibrated,
    operatingPoint: {
      rule: 'youden',
      class: classes[1] ?? '',
      threshold: chosen.threshold,
      sensitivity: proportion(trials.filter((_, i) => labels[i] === 1)),
      specificity: proportion(trials.filter((_, i) => labels[i] !== 1)),
    },
    images: tested.length,
  };
}

/** Whether each image is called positive by the threshold that the images of the other folds choose. */
function crossFitted(given: {
  labels: readonly number[];
  scores: readonly number[];
  folds: readonly number[];
}): boolean[] {
  const { labels, scores, folds } = given;
  const thresholds = new Map(
    [...new Set(folds)].map((fold) => {
      const others = folds.map((_, i) => i).filter((i) => folds[i] !== fold);
      const point = chooseOperatingPoint(
        others.map((i) => labels[i] ?? 0),
        others.map((i) => scores[i] ?? 0),
        { kind: 'youden' },
      );
      return [fold, point?.threshold ?? 0.5] as const;
    }),
  );
  return scores.map((score, i) => score >= (thresholds.get(folds[i] ?? 0) ?? 0.5));
}
