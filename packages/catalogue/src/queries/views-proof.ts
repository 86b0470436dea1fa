import type { RunReport } from '@xvision/contracts';
import type { Database } from '../database.js';

/** What the catalogue says a run came to, by hash. */
export interface RunClaims {
  /** Null before the run is evaluated. */
  readonly report: RunReport | null;
  readonly reportSha256: string | null;
  readonly modelId: string;
  readonly modelSha256: string;
  readonly datasetSha256: string;
  /** Of the run that trained the model, which is an earlier one where the model was taken over. Empty for a head without epochs. */
  readonly checkpoints: readonly { member: number; epoch: number; sha256: string }[];
}

/** Undefined when there is no such run, or when it has no model. */
export async function findRunClaims(db: Database, runId: string): Promise<RunClaims | undefined> {
  const [row] = await db.prisma.$queryRaw<RunClaims[]>`
    SELECT evaluation.report, evaluation.report_sha256 AS "reportSha256", model.id::text AS "modelId",
      model.sha256 AS "modelSha256", model.dataset_sha256 AS "datasetSha256",
      (SELECT coalesce(jsonb_agg(jsonb_build_object('member', member, 'epoch', epoch, 'sha256', checkpoint.sha256)
          ORDER BY member), '[]'::jsonb)
        FROM checkpoint WHERE checkpoint.fold = -1 AND checkpoint.run_id = (
          SELECT other.run_id FROM run_model AS other
          WHERE other.model_id = model.id AND EXISTS (SELECT FROM checkpoint WHERE checkpoint.run_id = other.run_id)
          ORDER BY other.run_id = run_model.run_id DESC, other.run_id LIMIT 1)) AS checkpoints
    FROM run_model JOIN model ON model.id = run_model.model_id
    LEFT JOIN evaluation ON evaluation.run_id = run_model.run_id
    WHERE run_model.run_id = ${runId}::uuid`;
  return row;
}

/** One image of a dataset with every hash that the catalogue knows of it. */
export interface MemberClaims {
  readonly position: number;
  readonly imageId: string;
  readonly file: string;
  /** Source and name of its collection, as a manifest names it. */
  readonly collection: string;
  readonly label: number;
  readonly patient: string;
  readonly folds: readonly number[];
  readonly featureSha256: string;
  /** Null where the image is not prepared any more. */
  readonly preparedSha256: string | null;
  readonly originalSha256: string;
  /** What `image.collected` said when the image came; null where the event is not kept. */
  readonly collectedSha256: string | null;
  /** The row that the catalogue has of the prepared image, with the dataset's backbone, weights and numerics. */
  readonly recordedFeatureSha256: string | null;
}

/** In the dataset's own order, after a position. */
export async function listMemberClaims(
  db: Database,
  datasetSha256: string,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<MemberClaims[]> {
  return await db.prisma.$queryRaw<MemberClaims[]>`
    SELECT member.position, member.image_id::text AS "imageId", image.external_id AS file,
      collection.source || '/' || collection.name AS collection, member.label, member.patient,
      member.folds::int[] AS folds, member.feature_sha256 AS "featureSha256",
      prepared_image.prepared_sha256 AS "preparedSha256", image.original_sha256 AS "originalSha256",
      (SELECT event.envelope -> 'data' ->> 'originalSha256' FROM event
        WHERE event.about = member.image_id::text AND event.subject LIKE 'xv.image.collected.%'
        ORDER BY event.sequence LIMIT 1) AS "collectedSha256",
      (SELECT feature.feature_sha256 FROM feature
        WHERE feature.prepared_sha256 = prepared_image.prepared_sha256 AND feature.backbone = dataset.backbone
          AND feature.weights = dataset.weights AND feature.preprocessing = prepared_image.preprocessing
          AND feature.numerics = dataset.numerics) AS "recordedFeatureSha256"
    FROM dataset_member AS member
    JOIN dataset ON dataset.sha256 = member.dataset_sha256
    JOIN image ON image.id = member.image_id
    JOIN collection ON collection.id = image.collection_id
    LEFT JOIN prepared_image ON prepared_image.image_id = member.image_id
    WHERE member.dataset_sha256 = ${datasetSha256} AND member.position > ${after}
    ORDER BY member.position LIMIT ${limit}`;
}
