import type { SourceLabels, View } from '@xvision/contracts';
import type { Database } from '../database.js';
import { Prisma } from '../generated/client.js';

/** By what an image can be recognised in another set. */
export interface FingerprintView {
  readonly imageId: string;
  readonly file: string;
  readonly collection: string;
  readonly patient: string;
  readonly view: View;
  readonly labels: SourceLabels;
  readonly preparedSha256: string;
  /** Null where the image was prepared before such hashes were taken. */
  readonly perceptualHash: string | null;
  /** Of pretrained weights; null where there are none, since random ones find every image alike. */
  readonly featureSha256: string | null;
}

export interface MemberFingerprint extends FingerprintView {
  readonly position: number;
  readonly folds: readonly number[];
}

interface Page {
  readonly limit: number;
}

const OF_THE_IMAGE = Prisma.sql`
  image.id::text AS "imageId", image.external_id AS file, collection.source || '/' || collection.name AS collection,
  image.view, image.labels, prepared_image.prepared_sha256 AS "preparedSha256",
  prepared_image.quality ->> 'perceptualHash' AS "perceptualHash"`;

/** Every image of a run's dataset, in its order, after a position; empty before the dataset is frozen. */
export async function listMemberFingerprints(
  db: Database,
  runId: string,
  { after, limit }: Page & { readonly after: number },
): Promise<MemberFingerprint[]> {
  return await db.prisma.$queryRaw<MemberFingerprint[]>`
    SELECT ${OF_THE_IMAGE}, member.patient, member.position, member.folds::int[] AS folds,
      CASE WHEN backbone_weights.trained THEN member.feature_sha256 END AS "featureSha256"
    FROM run JOIN dataset ON dataset.sha256 = run.dataset_sha256
    JOIN dataset_member AS member ON member.dataset_sha256 = dataset.sha256
    LEFT JOIN backbone_weights ON backbone_weights.weights = dataset.weights
    JOIN image ON image.id = member.image_id
    JOIN collection ON collection.id = image.collection_id
    JOIN prepared_image ON prepared_image.image_id = image.id
    WHERE run.id = ${runId}::uuid AND member.position > ${after}
    ORDER BY member.position LIMIT ${limit}`;
}

/** Every image that could be trained on, by id; with the features of its collection's current weights. */
export async function listFingerprints(
  db: Database,
  { after, limit }: Page & { readonly after?: string },
): Promise<FingerprintView[]> {
  return await db.prisma.$queryRaw<FingerprintView[]>`
    SELECT ${OF_THE_IMAGE}, image.patient,
      (SELECT feature.feature_sha256 FROM feature
        JOIN backbone_weights ON backbone_weights.weights = feature.weights AND backbone_weights.trained
        WHERE feature.prepared_sha256 = prepared_image.prepared_sha256
          AND feature.preprocessing = prepared_image.preprocessing
          AND feature.weights = collection.weights AND feature.numerics = collection.numerics
        LIMIT 1) AS "featureSha256"
    FROM image JOIN collection ON collection.id = image.collection_id
    JOIN prepared_image ON prepared_image.image_id = image.id
    WHERE collection.purpose = 'dataset' AND (${after ?? null}::uuid IS NULL OR image.id > ${after ?? null}::uuid)
      AND NOT EXISTS (SELECT FROM image_rejection WHERE image_rejection.image_id = image.id)
    ORDER BY image.id LIMIT ${limit}`;
}
