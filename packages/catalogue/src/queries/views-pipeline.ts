import type { Pipeline } from '@xvision/contracts';
import type { Database } from '../database.js';
import type { KeptReadings } from '../kept-readings.js';

/** The flow as the catalogue knows it; what the broker knows (lag) is added by the caller. */
export type PipelineCounts = Omit<Pipeline, 'consumers' | 'at'>;

type Stage = Pipeline['stages'][number];
export type ImageStageCounts = Stage;
type StageRow = Omit<Stage, 'stage' | 'oldestWaitingAt'> & { oldestWaitingAt: Date | null };

/** What is counted over all images may be kept: `keep`. */
export async function readPipeline(
  db: Database,
  keep: KeptReadings<readonly ImageStageCounts[]>,
): Promise<PipelineCounts> {
  const images = await keep('stages of images', () => imageStages(db));
  const runs = await runStages(db);
  const [other] = await db.prisma.$queryRaw<
    {
      unpublished: number;
      oldestAt: Date | null;
      dead: number;
      collections: number;
      models: number;
      synthetic: boolean;
    }[]
  >`
    SELECT
      (SELECT count(*)::int FROM event WHERE published_at IS NULL) AS unpublished,
      (SELECT min(created_at) FROM event WHERE published_at IS NULL) AS "oldestAt",
      (SELECT count(*)::int FROM dead_letter WHERE state = 'open') AS dead,
      (SELECT count(*)::int FROM collection) AS collections,
      (SELECT count(*)::int FROM model) AS models,
      EXISTS (SELECT FROM collection WHERE synthetic) AS synthetic`;
  return {
    stages: [...images, ...runs],
    outbox: { unpublished: other?.unpublished ?? 0, oldestAt: other?.oldestAt?.toISOString() ?? null },
    deadLettersOpen: other?.dead ?? 0,
    collections: other?.collections ?? 0,
    models: other?.models ?? 0,
    synthetic: other?.synthetic ?? false,
  };
}

async function imageStages(db: Database): Promise<Stage[]> {
  const [collect] = await db.prisma.$queryRaw<StageRow[]>`
    SELECT coalesce(sum(counted.images), 0)::int AS done,
      coalesce(sum(greatest(coalesce(expected, 1) - counted.images, 0)) FILTER (WHERE active), 0)::int AS waiting,
      (count(*) FILTER (WHERE state = 'failed'))::int AS failed,
      min(created_at) FILTER (WHERE active) AS "oldestWaitingAt"
    FROM (SELECT *, state IN ('requested', 'harvesting') AS active FROM collection) AS collection
    CROSS JOIN LATERAL (SELECT count(*) AS images FROM image WHERE image.collection_id = collection.id) AS counted`;
  const [rest] = await db.prisma.$queryRaw<
    {
      prepared: number;
      rejected: number;
      extracted: number;
      unprepared: number;
      oldest1: Date | null;
      oldest2: Date | null;
    }[]
  >`
    SELECT count(prepared_image.image_id)::int AS prepared, count(image_rejection.image_id)::int AS rejected,
      count(feature.feature_sha256)::int AS extracted,
      (count(*) FILTER (WHERE prepared_image.image_id IS NULL AND image_rejection.image_id IS NULL))::int AS unprepared,
      min(image.created_at) FILTER (WHERE prepared_image.image_id IS NULL AND image_rejection.image_id IS NULL) AS oldest1,
      min(prepared_image.created_at) FILTER (WHERE feature.feature_sha256 IS NULL) AS oldest2
    FROM image
    JOIN collection ON collection.id = image.collection_id
    LEFT JOIN prepared_image ON prepared_image.image_id = image.id
    LEFT JOIN image_rejection ON image_rejection.image_id = image.id
    LEFT JOIN feature ON feature.prepared_sha256 = prepared_image.prepared_sha256
      AND feature.preprocessing = prepared_image.preprocessing
      AND feature.weights = collection.weights AND feature.numerics = collection.numerics`;
  const { prepared = 0, rejected = 0, extracted = 0, unprepared = 0, oldest1 = null, oldest2 = null } = rest ?? {};
  const waiting = prepared - extracted;
  return [
    stage('collect', collect),
    stage('prepare', { done: prepared, waiting: unprepared, failed: rejected, oldestWaitingAt: oldest1 }),
    stage('extract', { done: extracted, waiting, failed: 0, oldestWaitingAt: oldest2 }),
  ];
}

async function runStages(db: Database): Promise<Stage[]> {
  const [train] = await db.prisma.$queryRaw<StageRow[]>`
    SELECT (count(*) FILTER (WHERE run_model.model_id IS NOT NULL))::int AS done,
      (count(*) FILTER (WHERE run.state IN ('waiting', 'requested', 'training')))::int AS waiting,
      (count(*) FILTER (WHERE run.state = 'failed' AND run_model.model_id IS NULL))::int AS failed,
      min(run.created_at) FILTER (WHERE run.state IN ('waiting', 'requested', 'training')) AS "oldestWaitingAt"
    FROM run LEFT JOIN run_model ON run_model.run_id = run.id`;
  const [evaluate] = await db.prisma.$queryRaw<StageRow[]>`
    SELECT (count(*) FILTER (WHERE run.state = 'evaluated'))::int AS done,
      (count(*) FILTER (WHERE run.state = 'trained'))::int AS waiting,
      (count(*) FILTER (WHERE run.state = 'failed' AND run_model.model_id IS NOT NULL))::int AS failed,
      min(run.created_at) FILTER (WHERE run.state = 'trained') AS "oldestWaitingAt"
    FROM run LEFT JOIN run_model ON run_model.run_id = run.id`;
  return [stage('train', train), stage('evaluate', evaluate)];
}

function stage(name: Stage['stage'], row: StageRow | undefined): Stage {
  const { done = 0, waiting = 0, failed = 0, oldestWaitingAt = null } = row ?? {};
  return { stage: name, done, waiting, failed, oldestWaitingAt: oldestWaitingAt?.toISOString() ?? null };
}
