import type { Prediction, PredictionJob } from '@xvision/contracts';
import { v7 as uuidv7 } from 'uuid';
import type { Database, Transaction } from '../database.js';

export type PredictionJobView = Omit<PredictionJob, 'notice'>;

/**
 * A job waits until the relay's sweeper finds its collection settled. The same model asked about the same collection again
 * is the same job, unless that one failed.
 */
export async function requestPrediction(
  tx: Transaction,
  { modelId, collectionId }: { readonly modelId: string; readonly collectionId: string },
): Promise<{ id: string; created: boolean }> {
  const existing = await tx.prisma.predictionJob.findFirst({
    where: { modelId, collectionId, state: { not: 'failed' } },
    select: { id: true },
  });
  if (existing !== null) return { id: existing.id, created: false };
  const id = uuidv7();
  await tx.prisma.predictionJob.create({ data: { id, modelId, collectionId, state: 'waiting' } });
  return { id, created: true };
}

/** A job with what is predicted so far, in the order of the collection's files. */
export async function findPredictionJobView(db: Database, id: string): Promise<PredictionJobView | undefined> {
  const job = await db.prisma.predictionJob.findUnique({ where: { id } });
  if (job === null) return undefined;
  const rows = await db.prisma.$queryRaw<
    { file: string; probabilities: number[] | null; abstained: string | null; classes: string[] }[]
  >`
    SELECT image.external_id AS file, prediction.probabilities, prediction.abstained,
      ARRAY(SELECT one ->> 'name' FROM jsonb_array_elements(dataset.task -> 'classes') AS one) AS classes
    FROM prediction
    JOIN image ON image.id = prediction.image_id
    JOIN model ON model.id = ${job.modelId}::uuid
    JOIN dataset ON dataset.sha256 = model.dataset_sha256
    WHERE prediction.job_id = ${id}::uuid
    ORDER BY image.external_id`;
  const predictions = rows.map(({ file, probabilities, abstained, classes }): Prediction => {
    if (probabilities === null) return { file, abstained: abstained ?? '' };
    return { file, probabilities: namedProbabilities(classes, probabilities) };
  });
  const { modelId, collectionId, message } = job;
  return { id, modelId, collectionId, state: job.state as PredictionJob['state'], message, predictions };
}

/** Class name to probability. */
export function namedProbabilities(
  classes: readonly string[],
  probabilities: readonly number[],
): Record<string, number> {
  return Object.fromEntries(probabilities.map((probability, index) => [classes[index] ?? String(index), probability]));
}
