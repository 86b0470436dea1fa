import type { FeatureIdentity, SourceLabels, View } from '@xvision/contracts';
import type { Database } from '../database.js';

/** An image of a collection as a model that was trained elsewhere meets it. */
export interface ExternalImage {
  readonly imageId: string;
  readonly file: string;
  readonly patient: string;
  readonly view: View;
  readonly labels: SourceLabels;
  readonly attributes: Readonly<Record<string, string>>;
  readonly synthetic: boolean;
  readonly rejected: boolean;
  /** Null where it was never prepared. */
  readonly preprocessing: string | null;
  /** From the model's own backbone; null where there is none. */
  readonly featureSha256: string | null;
  /** Its patient, or its picture, is among those that the model was trained on. */
  readonly trainedOn: boolean;
}

/** Every image of a collection, by file, against the dataset of a model. */
export async function listExternalImages(
  db: Database,
  { collectionId, datasetSha256 }: { readonly collectionId: string; readonly datasetSha256: string },
  features: Pick<FeatureIdentity, 'backbone' | 'weights' | 'numerics'>,
): Promise<ExternalImage[]> {
  return await db.prisma.$queryRaw<ExternalImage[]>`
    WITH member AS (
      SELECT dataset_member.image_id, dataset_member.patient, prepared_image.prepared_sha256
      FROM dataset_member LEFT JOIN prepared_image ON prepared_image.image_id = dataset_member.image_id
      WHERE dataset_member.dataset_sha256 = ${datasetSha256}
    )
    SELECT image.id::text AS "imageId", image.external_id AS file, image.patient, image.view, image.labels,
      image.attributes, image.synthetic,
      EXISTS (SELECT FROM image_rejection WHERE image_rejection.image_id = image.id) AS rejected,
      prepared_image.preprocessing, feature.feature_sha256 AS "featureSha256",
      (image.patient IN (SELECT patient FROM member)
        OR coalesce(prepared_image.prepared_sha256 IN (SELECT prepared_sha256 FROM member WHERE prepared_sha256 IS NOT NULL), false))
        AS "trainedOn"
    FROM image
    LEFT JOIN prepared_image ON prepared_image.image_id = image.id
    LEFT JOIN feature ON feature.prepared_sha256 = prepared_image.prepared_sha256
      AND feature.preprocessing = prepared_image.preprocessing AND feature.backbone = ${features.backbone}
      AND feature.weights = ${features.weights} AND feature.numerics = ${features.numerics}
    WHERE image.collection_id = ${collectionId}::uuid
    ORDER BY image.external_id COLLATE "C"`;
}
