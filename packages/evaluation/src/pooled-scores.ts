import type { Covariates } from './baseline.js';
import { predictedClass } from './confusion.js';

/** One score of one image by a network that never saw its patient. */
export interface ImageScore {
  readonly repeat: number;
  readonly fold: number;
  readonly probabilities: readonly number[];
}

/** A member of a frozen dataset with what it was scored. */
export interface EvaluatedImage {
  readonly label: number;
  readonly patient: string;
  /** Per repeat the fold in which it is tested; -1 = only ever trained on. */
  readonly folds: readonly number[];
  /** One per repeat in which it was tested; empty when it never was. */
  readonly scores: readonly ImageScore[];
  /** The 15 grey statistics of the network input; null where they are unknown. */
  readonly grey: readonly number[] | null;
  readonly covariates: Covariates;
}

/** Tested images with the mean of their scores over repeats. */
export interface PooledScores {
  readonly labels: readonly number[];
  readonly patients: readonly string[];
  readonly probabilities: readonly (readonly number[])[];
  readonly predicted: readonly number[];
}

/** Averages each image's probabilities over repeats; throws RangeError for one that is not a finite number per class. */
export function pool(tested: readonly EvaluatedImage[], classes: number): PooledScores {
  const probabilities = tested.map((image) => meanProbabilities(image, classes));
  return {
    labels: tested.map((image) => image.label),
    patients: tested.map((image) => image.patient),
    probabilities,
    predicted: probabilities.map(predictedClass),
  };
}

function meanProbabilities(image: EvaluatedImage, classes: number): number[] {
  for (const { probabilities } of image.scores) {
    if (probabilities.length !== classes || !probabilities.every(Number.isFinite)) {
      throw new RangeError(
        `an image of patient ${image.patient} was scored [${probabilities.join(', ')}], not with ${classes} finite probabilities`,
      );
    }
  }
  return Array.from({ length: classes }, (_, k) => {
    const sum = image.scores.reduce((total, score) => total + (score.probabilities[k] ?? 0), 0);
    return sum / image.scores.length;
  });
}
