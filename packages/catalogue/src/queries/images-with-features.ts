import type { SourceLabels, View } from '@xvision/contracts';
import type { Database } from '../database.js';

/** An image of a collection with the features that its collection's own extractor made. */
export interface ImageWithFeatures {
  readonly externalId: string;
  readonly patient: string;
  readonly view: View;
  readonly labels: SourceLabels;
  readonly synthetic: boolean;
  /** Null where it was rejected, or not extracted yet. */
  readonly featureSha256: string | null;
  readonly weights: string | null;
  readonly numerics: string | null;
  /** The weights are the pretrained ones. */
  readonly trained: boolean;
}

/** Every image of some collections, by name. */
export async function listImagesWithFeatures(
  db: Database,
  collectionIds: readonly string[],
): Promise<ImageWithFeatures[]> {
  return await db.prisma.$queryRaw<ImageWithFeatures[]>`
    SELECT image.external_id AS "externalId", image.patient, image.view, image.labels, image.synthetic,
      CASE WHEN rejected.image_id IS NULL THEN feature.feature_sha256 END AS "featureSha256",
      feature.weights, feature.numerics, coalesce(backbone_weights.trained, false) AS trained
    FROM image
    JOIN collection ON collection.id = image.collection_id
    LEFT JOIN (SELECT DISTINCT image_id FROM image_rejection) AS rejected ON rejected.image_id = image.id
    LEFT JOIN prepared_image ON prepared_image.image_id = image.id
    LEFT JOIN feature ON feature.prepared_sha256 = prepared_image.prepared_sha256
      AND feature.preprocessing = prepared_image.preprocessing AND feature.weights = collection.weights
      AND feature.numerics = collection.numerics
    LEFT JOIN backbone_weights ON backbone_weights.weights = feature.weights
    WHERE collection.id = ANY(${[...collectionIds]}::uuid[])
    ORDER BY image.external_id COLLATE "C", collection.name COLLATE "C"`;
}
