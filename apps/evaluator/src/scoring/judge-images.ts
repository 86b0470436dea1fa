import type { BlobStore } from '@xvision/blob-store';
import type { Abstention, ScoringProfile, View } from '@xvision/contracts';
import { applyTemperature, descriptorOf, noveltyP } from '@xvision/evaluation';
import { readRow } from '../scoring-head.js';
import { readGuard } from './novelty-guard-file.js';

/** Why the model should not judge an image. */
export interface Objection {
  readonly reason: Exclude<Abstention, 'unfit'>;
  /** For the person who sent the file. */
  readonly message: string;
}

export interface Judged<Image> {
  readonly image: Image;
  /** Conformal p-value among the training images; null without a guard. */
  readonly novelty: number | null;
  readonly objection: Objection | null;
}

/** Holds images against what the model was trained on. Throws DamagedFileError when the model's guard cannot be read. */
export async function judgeImages<Image extends { readonly view: View; readonly featureSha256: string }>(
  blobs: Pick<BlobStore, 'get'>,
  images: readonly Image[],
  { guard, views }: Pick<ScoringProfile, 'guard' | 'views'>,
): Promise<Judged<Image>[]> {
  const reference = guard === null ? null : readGuard(await blobs.get(guard.sha256));
  const judged: Judged<Image>[] = [];
  for (const image of images) {
    const novelty =
      reference === null ? null : noveltyP(reference, descriptorOf(await readRow(blobs, image.featureSha256)));
    judged.push({ image, novelty, objection: objectionTo(image.view, novelty, { guard, views }) });
  }
  return judged;
}

function objectionTo(
  view: View,
  novelty: number | null,
  { guard, views }: Pick<ScoringProfile, 'guard' | 'views'>,
): Objection | null {
  if (!views.includes(view)) {
    const seen = views.filter((one) => one !== 'unknown').join(' and ');
    return {
      reason: 'view',
      message: `the image is ${view === 'unknown' ? 'of no known view' : `a ${view} view`}; the model was trained on ${seen} views`,
    };
  }
  if (guard !== null && novelty !== null && novelty < guard.leastP) {
    return {
      reason: 'unlike',
      message: `the image is unlike the ${guard.images} training images that it was held against (conformal p = ${novelty.toPrecision(2)}): another kind of picture, another way of taking or turning it, or damage`,
    };
  }
  return null;
}

/** Probabilities after the model's temperature; as they are where it has none. */
export function calibrated(
  probabilities: readonly number[],
  { temperature }: Pick<ScoringProfile, 'temperature'>,
): number[] {
  if (temperature === null || probabilities.length !== 2) return [...probabilities];
  const positive = applyTemperature(probabilities[1] ?? 0, temperature);
  return [1 - positive, positive];
}
