import type { FeatureIdentity, PredictionJob } from '@xvision/contracts';
import type { Database, Transaction } from '../database.js';

export interface PredictionJobRow {
  readonly id: string;
  readonly modelId: string;
  readonly collectionId: string;
  readonly state: PredictionJob['state'];
}

export async function findPredictionJob(db: Database, id: string): Promise<PredictionJobRow | undefined> {
  const row = await db.prisma.predictionJob.findUnique({
    where: { id },
    select: { id: true, modelId: true, collectionId: true, state: true },
  });
  return row === null ? undefined : { ...row, state: row.state as PredictionJob['state'] };
}

/** An image of a prediction job: unfit, or ready with the feature row that the model understands, or not ready. */
export interface JobImage {
  readonly imageId: string;
  /** Its file, as the person who asked named it. */
  readonly file: string;
  /** Why it cannot be used, for a person; null when nothing is wrong. */
  readonly rejection: string | null;
  /** Null while it is not prepared. */
  readonly preprocessing: string | null;
  /** The row from the model's own backbone weights and numerics; null where there is none. */
  readonly featureSha256: string | null;
}

/** Every image of a collection, in the order of its files. */
export async function listJobImages(
  db: Database,
  collectionId: string,
  features: Pick<FeatureIdentity, 'backbone' | 'weights' | 'numerics'>,
): Promise<JobImage[]> {
  return await db.prisma.$queryRaw<JobImage[]>`
    SELECT image.id::text AS "imageId", image.external_id AS file, image_rejection.message AS rejection,
      prepared_image.preprocessing, feature.feature_sha256 AS "featureSha256"
    FROM image
    LEFT JOIN image_rejection ON image_rejection.image_id = image.id
    LEFT JOIN prepared_image ON prepared_image.image_id = image.id
    LEFT JOIN feature ON feature.prepared_sha256 = prepared_image.prepared_sha256
      AND feature.preprocessing = prepared_image.preprocessing AND feature.backbone = ${features.backbone}
      AND feature.weights = ${features.weights} AND feature.numerics = ${features.numerics}
    WHERE image.collection_id = ${collectionId}::uuid
    ORDER BY image.external_id`;
}

/** With which backbone weights the images of a collection have features. */
export async function listWeightsOfCollection(db: Database, collectionId: string): Promise<string[]> {
  const rows = await db.prisma.$queryRaw<{ weights: string }[]>`
    SELECT DISTINCT feature.weights
    FROM image
    JOIN prepared_image ON prepared_image.image_id = image.id
    JOIN feature ON feature.prepared_sha256 = prepared_image.prepared_sha256
      AND feature.preprocessing = prepared_image.preprocessing
    WHERE image.collection_id = ${collectionId}::uuid
    ORDER BY feature.weights`;
  return rows.map((row) => row.weights);
}

/** A score per class, or why there is none. */
export type NewPrediction =
  | { readonly imageId: string; readonly probabilities: readonly number[] }
  | { readonly imageId: string; readonly abstained: string };

/** Keeps a job's predictions in place of any earlier ones, and ends it. */
export async function finishPredictionJob(
  tx: Transaction,
  jobId: string,
  predictions: readonly NewPrediction[],
): Promise<void> {
  await tx.prisma.$executeRaw`DELETE FROM prediction WHERE job_id = ${jobId}::uuid`;
  await tx.prisma.$executeRaw`
    INSERT INTO prediction (job_id, image_id, probabilities, abstained)
    SELECT ${jobId}::uuid, "imageId",
      CASE WHEN probabilities IS NOT NULL
        THEN ARRAY(SELECT value::float8 FROM jsonb_array_elements_text(probabilities) WITH ORDINALITY ORDER BY ordinality) END,
      abstained
    FROM jsonb_to_recordset(${JSON.stringify(predictions)}::jsonb)
      AS one ("imageId" uuid, probabilities jsonb, abstained text)`;
  await tx.prisma.$executeRaw`UPDATE prediction_job SET state = 'done', message = NULL WHERE id = ${jobId}::uuid`;
}

/** Ends a job that cannot be answered, and says why. */
export async function failPredictionJob(db: Database, jobId: string, message: string): Promise<void> {
  await db.prisma.$executeRaw`
    UPDATE prediction_job SET state = 'failed', message = ${message} WHERE id = ${jobId}::uuid`;
}
