import { BlobCorruptError, BlobMissingError, type BlobStore } from '@xvision/blob-store';
import {
  type Catalogue,
  type DatasetFacts,
  failPredictionJob,
  findDatasetOfModel,
  findModel,
  findPredictionJob,
  finishPredictionJob,
  type JobImage,
  listJobImages,
  listPreprocessingsOfDataset,
  listWeightsOfCollection,
  type NewPrediction,
} from '@xvision/catalogue';
import { type Envelope, PoisonMessageError } from '@xvision/contracts';
import { DamagedFileError, ModelMismatchError } from '@xvision/learning';
import { CONSUMER } from './consumer.js';
import { ensureProfile } from './scoring/ensure-profile.js';
import { calibrated, judgeImages } from './scoring/judge-images.js';
import { type OpenHead, type ScoringHead, scoreRows } from './scoring-head.js';

export interface PredictNeeds {
  readonly catalogue: Pick<Catalogue, 'prisma' | 'effectOnce'>;
  readonly blobs: Pick<BlobStore, 'get' | 'put'>;
  readonly openHead: OpenHead;
}

export type PredictionOutcome = 'predicted' | 'failed' | 'repeated';

/** The job cannot be answered, however often it is tried; its message is what the person reads. */
class UnanswerableError extends Error {
  override readonly name = 'UnanswerableError';
}

/**
 * Scores every fit image of a prediction job with its model, and gives each unfit one its reason. Safe to repeat.
 * A job that cannot be answered fails and says why. Throws PoisonMessageError for a job that does not exist.
 */
export async function predictImages(needs: PredictNeeds, event: Envelope, jobId: string): Promise<PredictionOutcome> {
  const { catalogue } = needs;
  const job = await findPredictionJob(catalogue, jobId);
  if (job === undefined) throw new PoisonMessageError(`prediction job ${jobId} is not in the catalogue`);
  const effect = { consumer: CONSUMER, eventId: event.id };
  try {
    const predictions = await predictAll(needs, job);
    const done = await catalogue.effectOnce(effect, (tx) => finishPredictionJob(tx, jobId, predictions));
    return done ? 'predicted' : 'repeated';
  } catch (error) {
    const message = unanswerable(error);
    if (message === undefined) throw error;
    const failed = await catalogue.effectOnce(effect, (tx) => failPredictionJob(tx, jobId, message));
    return failed ? 'failed' : 'repeated';
  }
}

async function predictAll(
  { catalogue, blobs, openHead }: PredictNeeds,
  job: { readonly modelId: string; readonly collectionId: string; readonly anyway: boolean },
): Promise<NewPrediction[]> {
  const model = await findModel(catalogue, job.modelId);
  const dataset = await findDatasetOfModel(catalogue, job.modelId);
  if (model === undefined || dataset === undefined) throw new UnanswerableError(`model ${job.modelId} does not exist`);

  const images = await listJobImages(catalogue, job.collectionId, dataset);
  const known = await listPreprocessingsOfDataset(catalogue, dataset.sha256);
  const fit = images.filter((image): image is FitImage => isFit(image, known));
  await refuseForeignWeights(catalogue, { images, dataset, collectionId: job.collectionId });

  const reasons = images
    .filter((image) => !isFit(image, known))
    .map((image): NewPrediction => ({ imageId: image.imageId, abstained: whyNoScore(image, known), reason: 'unfit' }));
  if (fit.length === 0) return reasons;

  const { backbone, weights, numerics } = dataset;
  const head = await openHead({ sha256: model.sha256, card: model.card, expected: { backbone, weights, numerics } });
  refuseOtherClasses(head, dataset, job.modelId);
  const profile = await ensureProfile({ catalogue, blobs }, { id: model.id, dataset });
  const judged = await judgeImages(blobs, fit, profile);
  const scored = judged.filter(({ objection }) => objection === null || job.anyway);
  const scores = await scoreRows(
    blobs,
    head,
    scored.map(({ image }) => image.featureSha256),
  );
  return [
    ...scored.map(({ image, novelty, objection }, i) => {
      const uncalibrated = scores[i] ?? [];
      const probabilities = calibrated(uncalibrated, profile);
      return { imageId: image.imageId, probabilities, uncalibrated, novelty, caution: objection?.message ?? null };
    }),
    ...judged.flatMap(({ image: { imageId }, objection }): NewPrediction[] =>
      objection === null || job.anyway ? [] : [{ imageId, abstained: objection.message, reason: objection.reason }],
    ),
    ...reasons,
  ];
}

/** An image whose features the model understands. */
type FitImage = JobImage & { readonly featureSha256: string };

function isFit(image: JobImage, knownPreprocessings: readonly string[]): image is FitImage {
  return (
    image.rejection === null && image.featureSha256 !== null && knownPreprocessings.includes(image.preprocessing ?? '')
  );
}

/** For the person who sent the file. */
function whyNoScore(image: JobImage, knownPreprocessings: readonly string[]): string {
  if (image.rejection !== null) return image.rejection;
  if (image.preprocessing === null) return 'the image could not be prepared; the dead letters say why';
  if (image.featureSha256 === null) return 'no features could be computed from the image; the dead letters say why';
  return `the image was prepared as ${image.preprocessing}, but the model was trained on ${knownPreprocessings.join(' and ')}`;
}

/** Throws when images have features, but only from other weights than the model's: that is a set-up to correct, not an unfit image. */
async function refuseForeignWeights(
  catalogue: Pick<Catalogue, 'prisma'>,
  job: { images: readonly JobImage[]; dataset: DatasetFacts; collectionId: string },
): Promise<void> {
  const { images, dataset, collectionId } = job;
  const waiting = images.filter((image) => image.rejection === null && image.featureSha256 === null);
  if (waiting.length === 0) return;
  const present = (await listWeightsOfCollection(catalogue, collectionId)).filter((one) => one !== dataset.weights);
  if (present.length === 0) return;
  throw new UnanswerableError(
    `the model needs features from backbone weights ${short(dataset.weights)} (${dataset.numerics}), but the images were extracted with ${present.map(short).join(', ')}: start the extractor with the model's weights and ask again`,
  );
}

function refuseOtherClasses(head: ScoringHead, dataset: DatasetFacts, modelId: string): void {
  const expected = dataset.task.classes.map((one) => one.name);
  if (head.card.classes.join('\n') === expected.join('\n')) return;
  throw new UnanswerableError(
    `the file of model ${modelId} scores ${head.card.classes.join(', ')}, but its task has ${expected.join(', ')}: the model and its task do not belong together`,
  );
}

function unanswerable(error: unknown): string | undefined {
  if (error instanceof UnanswerableError || error instanceof ModelMismatchError) return error.message;
  if (error instanceof RangeError) return `the images cannot be scored: ${error.message}`;
  if (error instanceof BlobMissingError || error instanceof BlobCorruptError || error instanceof DamagedFileError) {
    return `the model or a feature row cannot be read: ${error.message}`;
  }
  return undefined;
}

function short(weights: string): string {
  return weights.slice(0, 12);
}
