import type { ImageStage, SourceLabels, Task, View } from '@xvision/contracts';
import type { Database } from '../database.js';
import { Prisma } from '../generated/client.js';
import type { CollectionSource } from './collections.js';

export interface ImageFilter {
  readonly collectionId?: string;
  readonly source?: CollectionSource;
  readonly view?: View;
  readonly stage?: ImageStage;
  /** With `run`: a class of its task. Without: a label, finding or MeSH term of the source. */
  readonly label?: string;
  readonly run?: RunContext;
  /** These two need `run`. */
  readonly split?: 'train' | 'test';
  readonly outcome?: 'correct' | 'wrong';
  /** The id of the last row of the page before. */
  readonly after?: string;
  readonly limit: number;
}

/** A run as a lens on images: its dataset's classes, and its model once there is one. */
export interface RunContext {
  readonly runId: string;
  readonly datasetSha256: string | null;
  readonly modelId: string | null;
  readonly classes: readonly string[];
}

export interface ImageView {
  readonly id: string;
  readonly collectionId: string;
  readonly source: CollectionSource;
  readonly file: string;
  readonly view: View;
  readonly synthetic: boolean;
  readonly licence: string | null;
  readonly labels: SourceLabels;
  readonly createdAt: Date;
  readonly stage: ImageStage;
  readonly preparedSha256: string | null;
  readonly reason: string | null;
  readonly message: string | null;
  /** Index of its class in the run's dataset; null outside of it. */
  readonly label: number | null;
  readonly folds: readonly number[] | null;
  readonly probabilities: readonly number[] | null;
  readonly predicted: number | null;
}

/** Undefined when there is no such run. */
export async function findRunContext(db: Database, runId: string): Promise<RunContext | undefined> {
  const run = await db.prisma.run.findUnique({
    where: { id: runId },
    select: { settings: true, datasetSha256: true, model: { select: { modelId: true } } },
  });
  if (run === null) return undefined;
  const { task } = run.settings as unknown as { task: Task };
  return {
    runId,
    datasetSha256: run.datasetSha256,
    modelId: run.model?.modelId ?? null,
    classes: task.classes.map((one) => one.name),
  };
}

/** Oldest first; every filter in one statement. */
export async function listImageViews(db: Database, filter: ImageFilter): Promise<ImageView[]> {
  return await db.prisma.$queryRaw<ImageView[]>`
    SELECT * FROM (
      SELECT image.id, image.collection_id AS "collectionId", collection.source, image.external_id AS file, image.view,
        image.synthetic, image.licence, image.labels, image.created_at AS "createdAt",
        prepared_image.prepared_sha256 AS "preparedSha256", image_rejection.reason, image_rejection.message,
        CASE
          WHEN image_rejection.image_id IS NOT NULL THEN 'rejected'
          WHEN prepared_image.image_id IS NULL THEN 'collected'
          WHEN EXISTS (
            SELECT FROM feature WHERE feature.prepared_sha256 = prepared_image.prepared_sha256
              AND feature.preprocessing = prepared_image.preprocessing
              AND feature.weights = collection.weights AND feature.numerics = collection.numerics
          ) THEN 'extracted' ELSE 'prepared'
        END AS stage,
        ${standingColumns(filter.run)}
      FROM image
      JOIN collection ON collection.id = image.collection_id
      LEFT JOIN prepared_image ON prepared_image.image_id = image.id
      LEFT JOIN image_rejection ON image_rejection.image_id = image.id
      ${standingJoins(filter.run)}
      WHERE ${imageConditions(filter)}
    ) AS found
    WHERE ${foundConditions(filter)}
    ORDER BY id LIMIT ${filter.limit}`;
}

function standingColumns(run: RunContext | undefined): Prisma.Sql {
  if (run === undefined) {
    return Prisma.sql`NULL::int AS label, NULL::int[] AS folds, NULL::float8[] AS probabilities, NULL::int AS predicted`;
  }
  return Prisma.sql`member.label, member.folds::int[] AS folds, score.probabilities, score.predicted`;
}

function standingJoins(run: RunContext | undefined): Prisma.Sql {
  if (run === undefined) return Prisma.empty;
  return Prisma.sql`
    LEFT JOIN dataset_member AS member
      ON member.dataset_sha256 = ${run.datasetSha256}::text AND member.image_id = image.id
    CROSS JOIN LATERAL (
      SELECT array_agg(mean.p ORDER BY mean.i) AS probabilities,
        (array_agg(mean.i ORDER BY mean.p DESC, mean.i))[1]::int - 1 AS predicted
      FROM (
        SELECT one.i, avg(one.p) AS p
        FROM test_score CROSS JOIN unnest(test_score.probabilities) WITH ORDINALITY AS one (p, i)
        WHERE test_score.model_id = ${run.modelId}::uuid AND test_score.image_id = image.id
        GROUP BY one.i
      ) AS mean
    ) AS score`;
}

function imageConditions(filter: ImageFilter): Prisma.Sql {
  const conditions = [Prisma.sql`true`];
  const { collectionId, source, view, after, label, run } = filter;
  if (collectionId !== undefined) conditions.push(Prisma.sql`image.collection_id = ${collectionId}::uuid`);
  if (source !== undefined) conditions.push(Prisma.sql`collection.source = ${source}`);
  if (view !== undefined) conditions.push(Prisma.sql`image.view = ${view}`);
  if (after !== undefined) conditions.push(Prisma.sql`image.id > ${after}::uuid`);
  if (label !== undefined && run === undefined) {
    conditions.push(Prisma.sql`(
      image.labels ->> 'label' = ${label}
      OR image.labels -> 'findings' ->> ${label} = 'present'
      OR EXISTS (
        SELECT FROM jsonb_array_elements_text(coalesce(image.labels -> 'mesh', '[]')) AS term (name)
        WHERE lower(term.name) = lower(${label}))
    )`);
  }
  return Prisma.join(conditions, ' AND ');
}

function foundConditions(filter: ImageFilter): Prisma.Sql {
  const conditions = [Prisma.sql`true`];
  const { stage, label, run, split, outcome } = filter;
  if (stage !== undefined) conditions.push(Prisma.sql`found.stage = ${stage}`);
  if (label !== undefined && run !== undefined) {
    conditions.push(Prisma.sql`found.label = ${run.classes.indexOf(label)}`);
  }
  if (split === 'test') conditions.push(Prisma.sql`0 <= ANY (found.folds)`);
  if (split === 'train') conditions.push(Prisma.sql`-1 = ALL (found.folds)`);
  if (outcome === 'correct') conditions.push(Prisma.sql`found.predicted = found.label`);
  if (outcome === 'wrong') conditions.push(Prisma.sql`found.predicted <> found.label`);
  return Prisma.join(conditions, ' AND ');
}
