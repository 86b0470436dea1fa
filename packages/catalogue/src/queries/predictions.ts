import type { Abstention, FeatureIdentity, PredictionJob, View } from '@xvision/contracts';
import type { Database, Transaction } from '../database.js';
import { Prisma } from '../generated/client.js';

export interface PredictionJobRow {
  readonly id: string;
  readonly modelId: string;
  readonly collectionId: string;
  readonly anyway: boolean;
  readonly state: PredictionJob['state'];
}

export async function findPredictionJob(db: Database, id: string): Promise<PredictionJobRow | undefined> {
  const row = await db.prisma.predictionJob.findUnique({
    where: { id },
    select: { id: true, modelId: true, collectionId: true, anyway: true, state: true },
  });
  return row === null ? undefined : { ...row, state: row.state as PredictionJob['state'] };
}

/** An image of a prediction job: unfit, or ready with the feature row that the model understands, or not ready. */
export interface JobImage {
  readonly imageId: string;
  /** Its file, as the person who asked named it. */
  readonly file: string;
  readonly view: View;
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
    SELECT image.id::text AS "imageId", image.external_id AS file, image.view, image_rejection.message AS rejection,
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

/** A score per class and how unusual the image is, or why there is no score. */
export type NewPrediction =
  | {
      readonly imageId: string;
      /** Calibrated. */
      readonly probabilities: readonly number[];
      readonly uncalibrated: readonly number[];
      readonly novelty: number | null;
      readonly caution: string | null;
    }
  | { readonly imageId: string; readonly abstained: string; readonly reason: Abstention };

/** Keeps a job's predictions in place of any earlier ones, and ends it. */
export async function finishPredictionJob(
  tx: Transaction,
  jobId: string,
  predictions: readonly NewPrediction[],
): Promise<void> {
  await tx.prisma.$executeRaw`DELETE FROM prediction WHERE job_id = ${jobId}::uuid`;
  await tx.prisma.$executeRaw`
    INSERT INTO prediction (job_id, image_id, probabilities, uncalibrated, novelty, caution, abstained, reason)
    SELECT ${jobId}::uuid, "imageId", ${floats('probabilities')}, ${floats('uncalibrated')}, novelty, caution, abstained, reason
    FROM jsonb_to_recordset(${JSON.stringify(predictions)}::jsonb)
      AS one ("imageId" uuid, probabilities jsonb, uncalibrated jsonb, novelty float8, caution text, abstained text, reason text)`;
  await tx.prisma.$executeRaw`UPDATE prediction_job SET state = 'done', message = NULL WHERE id = ${jobId}::uuid`;
}

/** A JSON list of numbers as an array, in its order; null where there is none. */
function floats(column: 'probabilities' | 'uncalibrated'): Prisma.Sql {
  const list = Prisma.raw(column);
  return Prisma.sql`CASE WHEN ${list} IS NOT NULL
    THEN ARRAY(SELECT value::float8 FROM jsonb_array_elements_text(${list}) WITH ORDINALITY ORDER BY ordinality) END`;
}

/** Ends a job that cannot be answered, and says why. */
export async function failPredictionJob(db: Database, jobId: string, message: string): Promise<void> {
  await db.prisma.$executeRaw`
    UPDATE prediction_job SET state = 'failed', message = ${message} WHERE id = ${jobId}::uuid`;
}
