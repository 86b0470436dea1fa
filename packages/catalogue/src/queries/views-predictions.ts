import type { Abstention, Prediction, PredictionJob, PredictionRequest, ScoringProfile } from '@xvision/contracts';
import { v7 as uuidv7 } from 'uuid';
import type { Database, Transaction } from '../database.js';
import { findScoringProfile } from './scoring-profiles.js';

export type PredictionJobView = Omit<PredictionJob, 'notice'>;

/**
 * A job waits until the relay's sweeper finds its collection settled. The same model asked about the same collection again
 * is the same job, unless that one failed.
 */
export async function requestPrediction(
  tx: Transaction,
  { modelId, collectionId, anyway }: PredictionRequest,
): Promise<{ id: string; created: boolean }> {
  const existing = await tx.prisma.predictionJob.findFirst({
    where: { modelId, collectionId, anyway, state: { not: 'failed' } },
    select: { id: true },
  });
  if (existing !== null) return { id: existing.id, created: false };
  const id = uuidv7();
  await tx.prisma.predictionJob.create({ data: { id, modelId, collectionId, anyway, state: 'waiting' } });
  return { id, created: true };
}

/** A job with what is predicted so far, in the order of the collection's files. */
export async function findPredictionJobView(db: Database, id: string): Promise<PredictionJobView | undefined> {
  const job = await db.prisma.predictionJob.findUnique({ where: { id } });
  if (job === null) return undefined;
  const profile = (await findScoringProfile(db, job.modelId)) ?? null;
  const rows = await db.prisma.$queryRaw<PredictionRow[]>`
    SELECT image.external_id AS file, prediction.probabilities, prediction.uncalibrated, prediction.novelty,
      prediction.caution, prediction.abstained, prediction.reason,
      ARRAY(SELECT one ->> 'name' FROM jsonb_array_elements(dataset.task -> 'classes') AS one) AS classes
    FROM prediction
    JOIN image ON image.id = prediction.image_id
    JOIN model ON model.id = ${job.modelId}::uuid
    JOIN dataset ON dataset.sha256 = model.dataset_sha256
    WHERE prediction.job_id = ${id}::uuid
    ORDER BY image.external_id`;
  const { modelId, collectionId, anyway, message } = job;
  return {
    id,
    modelId,
    collectionId,
    anyway,
    state: job.state as PredictionJob['state'],
    message,
    predictions: rows.map((row) => predictionOf(row, profile)),
  };
}

interface PredictionRow {
  readonly file: string;
  readonly probabilities: number[] | null;
  readonly uncalibrated: number[] | null;
  readonly novelty: number | null;
  readonly caution: string | null;
  readonly abstained: string | null;
  readonly reason: Abstention | null;
  readonly classes: string[];
}

function predictionOf(row: PredictionRow, profile: ScoringProfile | null): Prediction {
  const { file, probabilities, classes, novelty, caution } = row;
  if (probabilities === null) return { file, abstained: row.abstained ?? '', reason: row.reason ?? 'unfit' };
  const named = namedProbabilities(classes, probabilities);
  const point = profile?.operatingPoint ?? null;
  const decision =
    point === null
      ? null
      : {
          class: point.class,
          called: (named[point.class] ?? 0) >= point.threshold,
          threshold: point.threshold,
          sensitivity: point.sensitivity,
          specificity: point.specificity,
        };
  const uncalibrated = namedProbabilities(classes, row.uncalibrated ?? probabilities);
  return { file, probabilities: named, uncalibrated, decision, novelty, caution };
}

/** Class name to probability. */
export function namedProbabilities(
  classes: readonly string[],
  probabilities: readonly number[],
): Record<string, number> {
  return Object.fromEntries(probabilities.map((probability, index) => [classes[index] ?? String(index), probability]));
}
