import { type Backbone, type FeatureIdentity, featuresExtracted, POOL5_LENGTH } from '@xvision/contracts';
import type { Database, Transaction } from '../database.js';
import { emit, type Origin } from '../outbox.js';

export interface FeatureRow {
  readonly featureSha256: string;
  readonly engine: string;
}

/** The row that has this content key, or undefined when it was never computed. */
export async function findFeature(db: Database, identity: FeatureIdentity): Promise<FeatureRow | undefined> {
  const row = await db.prisma.feature.findUnique({
    where: { preparedSha256_backbone_weights_preprocessing_numerics: identity },
    select: { featureSha256: true, engine: true },
  });
  return row ?? undefined;
}

export interface ExtractedFeatures extends FeatureRow {
  readonly imageId: string;
  readonly identity: FeatureIdentity;
}

/**
 * Keeps a feature row, notes at its collection with which weights it was computed, and announces the image (`features.extracted`).
 * The first row of a content key stays: what the event tells is what the catalogue holds.
 */
export async function recordFeatures(
  tx: Transaction,
  features: ExtractedFeatures,
  origin: Origin,
): Promise<FeatureRow> {
  const { imageId, identity } = features;
  await tx.prisma.$executeRaw`
    INSERT INTO feature (prepared_sha256, backbone, weights, preprocessing, numerics, feature_sha256, engine)
    VALUES (${identity.preparedSha256}, ${identity.backbone}, ${identity.weights}, ${identity.preprocessing},
      ${identity.numerics}, ${features.featureSha256}, ${features.engine})
    ON CONFLICT DO NOTHING`;
  const kept = (await findFeature(tx, identity)) ?? features;
  await tx.prisma.$executeRaw`
    UPDATE collection SET weights = ${identity.weights}, numerics = ${identity.numerics}
    FROM image WHERE image.id = ${imageId}::uuid AND collection.id = image.collection_id
      AND (collection.weights, collection.numerics) IS DISTINCT FROM (${identity.weights}, ${identity.numerics})`;
  const { featureSha256, engine } = kept;
  const data = { imageId, identity, featureSha256, featureLength: POOL5_LENGTH, engine } as const;
  await emit(tx, featuresExtracted, data, { ...origin, subject: imageId });
  return { featureSha256, engine };
}

export interface BackboneWeights {
  /** Their identity: sha256 over kernel then bias of the layers as little-endian float32. */
  readonly weights: string;
  readonly backbone: Backbone;
  readonly trained: boolean;
  /** Where they came from, for people. */
  readonly origin: string;
}

/** Notes weights at the start of an extractor; known weights stay as they were first described. */
export async function recordWeights(db: Database, weights: BackboneWeights): Promise<void> {
  await db.prisma.$executeRaw`
    INSERT INTO backbone_weights (weights, backbone, trained, origin)
    VALUES (${weights.weights}, ${weights.backbone}, ${weights.trained}, ${weights.origin}) ON CONFLICT DO NOTHING`;
}

export async function findWeights(db: Database, weights: string): Promise<BackboneWeights | undefined> {
  const row = await db.prisma.backboneWeights.findUnique({ where: { weights } });
  return row === null ? undefined : (row as unknown as BackboneWeights);
}
