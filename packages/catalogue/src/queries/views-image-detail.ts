import type { Database } from '../database.js';
import { PLANNED_ONCE } from '../planned-once.js';
import type { RunContext } from './image-filter.js';
import { type ImageView, lookUpImages } from './views-images.js';

export interface ImageStanding {
  readonly run: RunContext;
  readonly image: Pick<ImageView, 'label' | 'folds' | 'probabilities' | 'predicted'>;
  /** Per class the least and the most that a repeat said; null with fewer than two. */
  readonly ranges: { readonly low: readonly number[]; readonly high: readonly number[] } | null;
}

export interface ImageLineage {
  readonly patient: string;
  readonly sourceUrl: string | null;
  readonly report: string | null;
  readonly attributes: Readonly<Record<string, string>>;
  readonly originalSha256: string;
  readonly mediaType: string;
  readonly byteLength: number;
  readonly prepared: { sha256: string; preprocessing: string; width: number; height: number } | null;
}

export interface ImageFeature {
  readonly sha256: string;
  readonly backbone: string;
  readonly weights: string;
  readonly numerics: string;
  readonly engine: string;
  readonly trained: boolean | null;
}

export interface ImagePrediction {
  readonly jobId: string;
  readonly modelId: string;
  readonly classes: readonly string[];
  readonly probabilities: readonly number[] | null;
  readonly abstained: string | null;
}

/** Runs shown with an image; older ones are found through the run itself. */
const STANDINGS = 20;

/** One image as in a list, or undefined when there is none of this id. */
export async function findImageView(db: Database, id: string): Promise<ImageView | undefined> {
  const [row] = await lookUpImages(db, [{ id, key: null }]);
  return row;
}

export async function findImageLineage(db: Database, id: string): Promise<ImageLineage | undefined> {
  const [lineage] = await db.prisma.$queryRaw<ImageLineage[]>`
    ${PLANNED_ONCE} SELECT image.patient, image.source_url AS "sourceUrl", image.report, image.attributes,
      image.original_sha256 AS "originalSha256", image.media_type AS "mediaType", image.byte_length AS "byteLength",
      CASE WHEN prepared_image.image_id IS NOT NULL THEN jsonb_build_object('sha256', prepared_image.prepared_sha256,
        'preprocessing', prepared_image.preprocessing, 'width', prepared_image.width, 'height', prepared_image.height)
      END AS prepared
    FROM image LEFT JOIN prepared_image ON prepared_image.image_id = image.id WHERE image.id = ${id}::uuid`;
  return lineage;
}

/** Every feature row of the image's prepared bytes; the one that its collection's images have now comes first. */
export async function findImageFeatures(db: Database, id: string): Promise<ImageFeature[]> {
  return await db.prisma.$queryRaw<ImageFeature[]>`
    ${PLANNED_ONCE} SELECT feature.feature_sha256 AS sha256, feature.backbone, feature.weights, feature.numerics, feature.engine,
      backbone_weights.trained
    FROM image
    JOIN collection ON collection.id = image.collection_id
    JOIN prepared_image ON prepared_image.image_id = image.id
    JOIN feature ON feature.prepared_sha256 = prepared_image.prepared_sha256
      AND feature.preprocessing = prepared_image.preprocessing
    LEFT JOIN backbone_weights ON backbone_weights.weights = feature.weights
    WHERE image.id = ${id}::uuid
    ORDER BY (feature.weights, feature.numerics) IS DISTINCT FROM (collection.weights, collection.numerics),
      feature.created_at DESC`;
}

interface StandingRow extends Omit<RunContext, 'modelId'> {
  readonly modelId: string | null;
  readonly label: number;
  readonly folds: readonly number[];
  readonly probabilities: readonly number[] | null;
  readonly predicted: number | null;
  readonly low: readonly number[] | null;
  readonly high: readonly number[] | null;
}

/** What the runs that used the image made of it, newest first. */
export async function findImageStandings(db: Database, id: string): Promise<ImageStanding[]> {
  const rows = await db.prisma.$queryRaw<StandingRow[]>`
    ${PLANNED_ONCE} SELECT run.id AS "runId", run.dataset_sha256 AS "datasetSha256", run_model.model_id AS "modelId",
      ARRAY(SELECT one ->> 'name' FROM jsonb_array_elements(run.settings -> 'task' -> 'classes') AS one) AS classes,
      member.label, member.folds::int[] AS folds, score.probabilities, score.predicted, range.low, range.high
    FROM dataset_member AS member
    JOIN run ON run.dataset_sha256 = member.dataset_sha256
    LEFT JOIN run_model ON run_model.run_id = run.id
    LEFT JOIN mean_score AS score ON score.model_id = run_model.model_id AND score.image_id = member.image_id
    LEFT JOIN LATERAL (
      SELECT array_agg(low ORDER BY i) AS low, array_agg(high ORDER BY i) AS high
      FROM (
        SELECT one.i, min(one.p) AS low, max(one.p) AS high
        FROM test_score CROSS JOIN unnest(test_score.probabilities) WITH ORDINALITY AS one (p, i)
        WHERE test_score.model_id = run_model.model_id AND test_score.image_id = member.image_id
        GROUP BY one.i HAVING count(*) > 1
      ) AS repeats
    ) AS range ON true
    WHERE member.image_id = ${id}::uuid
    ORDER BY run.id DESC LIMIT ${STANDINGS}`;
  return rows.map(({ runId, datasetSha256, modelId, classes, low, high, ...image }) => ({
    run: { runId, datasetSha256, modelId, classes },
    image,
    ranges: low === null || high === null ? null : { low, high },
  }));
}

/** What models said of the image when they were asked, newest first. */
export async function findImagePredictions(db: Database, id: string): Promise<ImagePrediction[]> {
  return await db.prisma.$queryRaw<ImagePrediction[]>`
    ${PLANNED_ONCE} SELECT prediction.job_id AS "jobId", prediction_job.model_id AS "modelId", prediction.probabilities,
      prediction.abstained,
      ARRAY(SELECT one ->> 'name' FROM jsonb_array_elements(dataset.task -> 'classes') AS one) AS classes
    FROM prediction
    JOIN prediction_job ON prediction_job.id = prediction.job_id
    JOIN model ON model.id = prediction_job.model_id
    JOIN dataset ON dataset.sha256 = model.dataset_sha256
    WHERE prediction.image_id = ${id}::uuid
    ORDER BY prediction.job_id DESC LIMIT ${STANDINGS}`;
}
