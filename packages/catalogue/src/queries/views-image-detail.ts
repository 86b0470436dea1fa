import type { Database } from '../database.js';
import { findRunContext, type ImageView, listImageViews, type RunContext } from './views-images.js';

export interface ImageStanding {
  readonly run: RunContext;
  readonly image: ImageView;
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
export async function findImageView(db: Database, id: string, run?: RunContext): Promise<ImageView | undefined> {
  // The list starts after the cursor: the largest id below this one.
  const below = (BigInt(`0x${id.replaceAll('-', '')}`) - 1n).toString(16).padStart(32, '0');
  const [row] = await listImageViews(db, { after: below, limit: 1, ...(run === undefined ? {} : { run }) });
  return row?.id === id ? row : undefined;
}

export async function findImageLineage(db: Database, id: string): Promise<ImageLineage | undefined> {
  const image = await db.prisma.image.findUnique({ where: { id }, include: { prepared: true } });
  if (image === null) return undefined;
  const { patient, sourceUrl, report, originalSha256, mediaType, byteLength, prepared } = image;
  return {
    patient,
    sourceUrl,
    report,
    originalSha256,
    mediaType,
    byteLength,
    attributes: image.attributes as Record<string, string>,
    prepared:
      prepared === null
        ? null
        : {
            sha256: prepared.preparedSha256,
            preprocessing: prepared.preprocessing,
            width: prepared.width,
            height: prepared.height,
          },
  };
}

/** Every feature row of the image's prepared bytes; the one that its collection's images have now comes first. */
export async function findImageFeatures(db: Database, id: string): Promise<ImageFeature[]> {
  return await db.prisma.$queryRaw<ImageFeature[]>`
    SELECT feature.feature_sha256 AS sha256, feature.backbone, feature.weights, feature.numerics, feature.engine,
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

/** What the runs that used the image made of it, newest first. */
export async function findImageStandings(db: Database, id: string): Promise<ImageStanding[]> {
  const runs = await db.prisma.$queryRaw<{ id: string }[]>`
    SELECT run.id FROM run
    WHERE EXISTS (
      SELECT FROM dataset_member
      WHERE dataset_member.dataset_sha256 = run.dataset_sha256 AND dataset_member.image_id = ${id}::uuid)
    ORDER BY run.id DESC LIMIT ${STANDINGS}`;
  const standings: ImageStanding[] = [];
  for (const { id: runId } of runs) {
    const run = await findRunContext(db, runId);
    const image = run === undefined ? undefined : await findImageView(db, id, run);
    if (run !== undefined && image !== undefined) standings.push({ run, image });
  }
  return standings;
}

/** What models said of the image when they were asked, newest first. */
export async function findImagePredictions(db: Database, id: string): Promise<ImagePrediction[]> {
  return await db.prisma.$queryRaw<ImagePrediction[]>`
    SELECT prediction.job_id AS "jobId", prediction_job.model_id AS "modelId", prediction.probabilities,
      prediction.abstained,
      ARRAY(SELECT one ->> 'name' FROM jsonb_array_elements(dataset.task -> 'classes') AS one) AS classes
    FROM prediction
    JOIN prediction_job ON prediction_job.id = prediction.job_id
    JOIN model ON model.id = prediction_job.model_id
    JOIN dataset ON dataset.sha256 = model.dataset_sha256
    WHERE prediction.image_id = ${id}::uuid
    ORDER BY prediction.job_id DESC LIMIT ${STANDINGS}`;
}
