import { type ImageView, namedProbabilities, type RunContext } from '@xvision/catalogue';
import type { ImageSummary, Standing } from '@xvision/contracts';

/** An image of a list; with a run, what that run made of it. */
export function imageSummary(row: ImageView, run?: RunContext): ImageSummary {
  const { id, collectionId, source, file, view, synthetic, licence, labels, stage, preparedSha256 } = row;
  const rejection = row.reason === null ? null : { reason: row.reason, message: row.message ?? '' };
  const createdAt = row.createdAt.toISOString();
  const standing = run === undefined ? null : standingOf(row, run);
  return {
    id,
    collectionId,
    source,
    file,
    view,
    synthetic,
    licence,
    labels,
    stage,
    preparedSha256,
    rejection,
    standing,
    createdAt,
  };
}

/** Null when the image is not in the run's dataset. */
export function standingOf(
  row: Pick<ImageView, 'label' | 'folds' | 'probabilities' | 'predicted'>,
  run: RunContext,
): Standing | null {
  const { label, folds, probabilities, predicted } = row;
  if (label === null || folds === null) return null;
  const { runId, modelId, classes } = run;
  return {
    runId,
    modelId,
    class: classes[label] ?? String(label),
    split: folds.some((fold) => fold >= 0) ? 'test' : 'train',
    folds: [...folds],
    probabilities: probabilities === null ? null : namedProbabilities(classes, probabilities),
    predicted: predicted === null ? null : (classes[predicted] ?? String(predicted)),
    correct: predicted === null ? null : predicted === label,
  };
}
