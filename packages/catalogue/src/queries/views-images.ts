import type { ImageStage, SourceLabels, View } from '@xvision/contracts';
import type { Database } from '../database.js';
import { Prisma } from '../generated/client.js';
import { PLANNED_ONCE } from '../planned-once.js';
import { readAsJson } from '../read-as-json.js';
import type { CollectionSource } from './collections.js';
import {
  fromImages,
  type ImageCursor,
  type ImageFilter,
  orderBy,
  type RunContext,
  searchCondition,
  selectImages,
} from './image-filter.js';

export interface ImageView {
  readonly id: string;
  /** What the list is ordered by; null where that is the id. */
  readonly key: string | number | null;
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
  const [run] = await db.prisma.$queryRaw<Omit<RunContext, 'runId'>[]>`
    ${PLANNED_ONCE} SELECT run.dataset_sha256 AS "datasetSha256", run_model.model_id AS "modelId",
      ARRAY(SELECT one ->> 'name' FROM jsonb_array_elements(run.settings -> 'task' -> 'classes') AS one) AS classes
    FROM run LEFT JOIN run_model ON run_model.run_id = run.id WHERE run.id = ${runId}::uuid`;
  return run === undefined ? undefined : { runId, ...run };
}

/** Where an image stands in a filtered list, or undefined where the filter leaves it out. */
export async function findImagePlace(db: Database, filter: ImageFilter, id: string): Promise<ImageCursor | undefined> {
  const [place] = await db.prisma.$queryRaw<ImageCursor[]>`${selectImages({ ...filter, id })} LIMIT 1`;
  return place;
}

/** The id after a place in a filtered list, or undefined at its end. */
export async function findNextImage(
  db: Database,
  filter: ImageFilter,
  after: ImageCursor,
): Promise<string | undefined> {
  const [next] = await db.prisma.$queryRaw<{ id: string }[]>`
    ${selectImages(filter, after)} ${orderBy(filter)} LIMIT 1`;
  return next?.id;
}

/** The page is found by ids alone, as is best for what is asked; its rows are looked up always in the same way. */
export async function listImageViews(
  db: Database,
  filter: ImageFilter,
  { after, limit }: { readonly after?: ImageCursor | undefined; readonly limit: number },
): Promise<ImageView[]> {
  const places = await db.prisma.$queryRaw<ImageCursor[]>`
    ${selectImages(filter, after)} ${orderBy(filter)} LIMIT ${limit}`;
  return await lookUpImages(db, places, filter.run);
}

/** Images are never deleted: each place has its row. In the order of the places. */
export async function lookUpImages(
  db: Database,
  places: readonly ImageCursor[],
  run?: RunContext,
): Promise<ImageView[]> {
  if (places.length === 0) return [];
  const rows = await readAsJson<Omit<ImageView, 'key' | 'createdAt'> & { createdAt: string }>(
    db,
    Prisma.sql`${PLANNED_ONCE}
    SELECT image.id, image.collection_id AS "collectionId", collection.source, image.external_id AS file,
      image.view, image.synthetic, image.licence, image.labels, image.created_at AS "createdAt",
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
      ${standingColumns(run)}
    FROM unnest(${places.map(({ id }) => id)}::uuid[]) WITH ORDINALITY AS page (id, place)
    JOIN image ON image.id = page.id
    JOIN collection ON collection.id = image.collection_id
    LEFT JOIN prepared_image ON prepared_image.image_id = image.id
    LEFT JOIN image_rejection ON image_rejection.image_id = image.id
    ${standingJoins(run)}
    ORDER BY page.place`,
  );
  return rows.map((row, place) => ({ ...row, key: places[place]?.key ?? null, createdAt: new Date(row.createdAt) }));
}

/** So many are looked up by their words as quickly as a page of them is walked to. */
const FEW = 2500;

/**
 * Whether a search finds few images. A list walks its order until a page is full: of a common word it is full soon, for a
 * rare one every image would have its words made anew (1.2 s for 100,000, against 3 ms). The planner cannot tell the two
 * apart by the beginning of a word, so the index is asked first; a materialised query is planned for all of its rows, and
 * read only as far as the limit.
 */
export async function findsFew(db: Database, search: string, atMost = FEW): Promise<boolean> {
  const [row] = await db.prisma.$queryRaw<{ found: number }[]>`
    WITH found AS MATERIALIZED (SELECT image.id FROM image WHERE ${searchCondition(search)})
    SELECT count(*)::int AS found FROM (SELECT FROM found LIMIT ${atMost + 1}) AS counted`;
  return (row?.found ?? 0) <= atMost;
}

/** Counted one by one up to here; beyond it PostgreSQL's own estimate is told as such. */
const COUNTED = 10_000;

/** How many images a filter lets through. */
export async function countImages(
  db: Database,
  filter: ImageFilter,
): Promise<{ readonly count: number; readonly exact: boolean }> {
  // Counted by their words however many they are: nothing is to be had in an order.
  const { sort: _order, few: _few, ...unordered } = filter;
  const scored = filter.sort?.endsWith('probability') === true || filter.sort?.endsWith('uncertainty') === true;
  const from = fromImages(scored ? { mostUncertainty: 1, ...unordered } : unordered);
  const [found] = await db.prisma.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM (SELECT 1 ${from} LIMIT ${COUNTED + 1}) AS counted`;
  const count = found?.count ?? 0;
  if (count <= COUNTED) return { count, exact: true };
  const plans = await db.prisma.$queryRaw<{ 'QUERY PLAN': { Plan: { 'Plan Rows': number } }[] }[]>`
    EXPLAIN (FORMAT JSON) SELECT 1 ${from}`;
  const estimate = plans[0]?.['QUERY PLAN'][0]?.Plan['Plan Rows'] ?? 0;
  return { count: Math.max(count, estimate), exact: false };
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
    LEFT JOIN mean_score AS score ON score.model_id = ${run.modelId}::uuid AND score.image_id = image.id`;
}
