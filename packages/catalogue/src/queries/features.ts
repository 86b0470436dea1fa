import { type Backbone, type FeatureIdentity, featuresExtracted, POOL5_LENGTH } from '@xvision/contracts';
import type { Database, Transaction } from '../database.js';
import { emitAll, type Fact, type Origin } from '../outbox.js';

export interface FeatureRow {
  readonly featureSha256: string;
  readonly engine: string;
}

/**
 * The rows that have these content keys, in their order; undefined where one was never computed. Plain SQL, at half of
 * what Prisma's own query costs the processor: an extractor asks it for every image.
 */
export async function findFeatures(
  db: Database,
  identities: readonly FeatureIdentity[],
): Promise<(FeatureRow | undefined)[]> {
  const found = await db.prisma.$queryRaw<(FeatureIdentity & FeatureRow)[]>`
    SELECT given.*, feature.feature_sha256 AS "featureSha256", feature.engine
    FROM jsonb_to_recordset(${JSON.stringify(identities)}::jsonb) AS given ("preparedSha256" text, backbone text,
      weights text, preprocessing text, numerics text)
    JOIN feature ON feature.prepared_sha256 = given."preparedSha256" AND feature.backbone = given.backbone
      AND feature.weights = given.weights AND feature.preprocessing = given.preprocessing
      AND feature.numerics = given.numerics`;
  const rows = new Map(found.map((row) => [keyOf(row), { featureSha256: row.featureSha256, engine: row.engine }]));
  return identities.map((identity) => rows.get(keyOf(identity)));
}

export interface ExtractedFeatures extends FeatureRow {
  readonly imageId: string;
  readonly identity: FeatureIdentity;
}

/** As {@link recordAllFeatures}, for one image. */
export async function recordFeatures(
  tx: Transaction,
  features: ExtractedFeatures,
  origin: Origin,
): Promise<FeatureRow> {
  const [kept = features] = await recordAllFeatures(tx, [{ features, origin }]);
  return kept;
}

/**
 * Keeps feature rows, notes at their collections with which weights they were computed, and announces the images
 * (`features.extracted`) in the given order. The first row of a content key stays: what the events tell, and what is
 * returned in the order of the facts, is what the catalogue holds.
 */
export async function recordAllFeatures(
  tx: Transaction,
  facts: readonly { readonly features: ExtractedFeatures; readonly origin: Origin }[],
): Promise<FeatureRow[]> {
  const inserted = await insertFeatures(
    tx,
    facts.map(({ features }) => features),
  );
  const kept: FeatureRow[] = [];
  for (const { features } of facts) {
    const row = inserted.get(keyOf(features.identity)) ?? (await findFeatures(tx, [features.identity]))[0] ?? features;
    kept.push({ featureSha256: row.featureSha256, engine: row.engine });
  }
  const told = facts.map<Fact<typeof featuresExtracted>>(({ features: { imageId, identity }, origin }, index) => ({
    data: { imageId, identity, featureLength: POOL5_LENGTH, ...(kept[index] ?? { featureSha256: '', engine: '' }) },
    origin: { ...origin, subject: imageId },
  }));
  await emitAll(tx, featuresExtracted, told);
  return kept;
}

function keyOf({ preparedSha256, backbone, weights, preprocessing, numerics }: FeatureIdentity): string {
  return [preparedSha256, backbone, weights, preprocessing, numerics].join(' ');
}

/** Sorted by key, so that two extractors with the same images wait for each other in one order. By key, what was new. */
async function insertFeatures(
  tx: Transaction,
  features: readonly ExtractedFeatures[],
): Promise<ReadonlyMap<string, FeatureRow>> {
  const rows = features.map(({ imageId, identity, featureSha256, engine }) => ({
    imageId,
    ...identity,
    featureSha256,
    engine,
  }));
  const inserted = await tx.prisma.$queryRaw<(FeatureIdentity & FeatureRow)[]>`
    WITH given AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS given ("imageId" uuid, "preparedSha256" text,
        backbone text, weights text, preprocessing text, numerics text, "featureSha256" text, engine text)
    ), inserted AS (
      INSERT INTO feature (prepared_sha256, backbone, weights, preprocessing, numerics, feature_sha256, engine)
      SELECT "preparedSha256", backbone, weights, preprocessing, numerics, "featureSha256", engine FROM given
      ORDER BY 1, 2, 3, 4, 5
      ON CONFLICT DO NOTHING RETURNING *
    ), noted AS (
      UPDATE collection SET weights = given.weights, numerics = given.numerics
      FROM given JOIN image ON image.id = given."imageId"
      WHERE collection.id = image.collection_id
        AND (collection.weights, collection.numerics) IS DISTINCT FROM (given.weights, given.numerics)
    )
    SELECT prepared_sha256 AS "preparedSha256", backbone, weights, preprocessing, numerics,
      feature_sha256 AS "featureSha256", engine FROM inserted`;
  return new Map(inserted.map((row) => [keyOf(row), row]));
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
