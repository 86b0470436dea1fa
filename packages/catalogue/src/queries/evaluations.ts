import {
  type Backbone,
  type Estimate,
  modelEvaluated,
  type RunReport,
  type StageCounts,
  type Task,
  type View,
} from '@xvision/contracts';
import type { Database, Transaction } from '../database.js';
import { emit, type Origin } from '../outbox.js';
import { setRunState } from './runs.js';

/** A frozen dataset as its models and reports know it. */
export interface DatasetFacts {
  readonly sha256: string;
  readonly task: Task;
  readonly synthetic: boolean;
  readonly backbone: Backbone;
  readonly weights: string;
  readonly numerics: string;
  /** The features come from random weights, or nobody noted from which. */
  readonly untrained: boolean;
  /** What its folds share between training and test, a sentence each. */
  readonly leaks: readonly string[];
}

/** The dataset that a model was trained on, or undefined when there is no such model. */
export async function findDatasetOfModel(db: Database, modelId: string): Promise<DatasetFacts | undefined> {
  const [row] = await db.prisma.$queryRaw<DatasetFacts[]>`
    SELECT dataset.sha256, dataset.task, dataset.synthetic, dataset.backbone, dataset.weights, dataset.numerics,
      dataset.leaks, NOT coalesce(backbone_weights.trained, false) AS untrained
    FROM model JOIN dataset ON dataset.sha256 = model.dataset_sha256
    LEFT JOIN backbone_weights ON backbone_weights.weights = dataset.weights
    WHERE model.id = ${modelId}::uuid`;
  return row;
}

/** A member of a dataset with what a model's networks of other folds scored it. */
export interface ScoredMember {
  readonly imageId: string;
  readonly label: number;
  readonly patient: string;
  /** Per repeat the fold in which it is tested; -1 = only ever trained on. */
  readonly folds: readonly number[];
  /** Null where the image is not prepared (any more). */
  readonly greyStatistics: readonly number[] | null;
  readonly view: View;
  readonly attributes: Readonly<Record<string, string>>;
  readonly scores: readonly { repeat: number; fold: number; probabilities: number[] }[];
}

/**
 * Every member of the dataset, in its order. A score belongs to the member that is tested in its fold: the seed's split
 * has images that are members twice, once to train on and once to test.
 */
export async function listScoredMembers(
  db: Database,
  { modelId, datasetSha256 }: { readonly modelId: string; readonly datasetSha256: string },
): Promise<ScoredMember[]> {
  return await db.prisma.$queryRaw<ScoredMember[]>`
    SELECT member.image_id::text AS "imageId", member.label, member.patient, member.folds::int[] AS folds,
      prepared_image.grey_statistics::float8[] AS "greyStatistics", image.view, image.attributes,
      coalesce(scored.scores, '[]'::jsonb) AS scores
    FROM dataset_member AS member
    JOIN image ON image.id = member.image_id
    LEFT JOIN prepared_image ON prepared_image.image_id = member.image_id
    LEFT JOIN LATERAL (
      SELECT jsonb_agg(jsonb_build_object('repeat', repeat, 'fold', fold, 'probabilities', to_jsonb(probabilities))
        ORDER BY repeat) AS scores
      FROM test_score
      WHERE test_score.model_id = ${modelId}::uuid AND test_score.image_id = member.image_id
        AND test_score.fold = member.folds[test_score.repeat + 1]
    ) AS scored ON true
    WHERE member.dataset_sha256 = ${datasetSha256}
    ORDER BY member.position`;
}

/** How many images of a run's collections came through each stage, with the weights that its dataset uses. */
export async function countRunStages(
  db: Database,
  { runId, weights, numerics }: { readonly runId: string; readonly weights: string; readonly numerics: string },
): Promise<StageCounts> {
  const [counts] = await db.prisma.$queryRaw<StageCounts[]>`
    SELECT count(*)::int AS collected,
      count(prepared_image.image_id)::int AS prepared,
      count(image_rejection.image_id)::int AS rejected,
      count(*) FILTER (WHERE EXISTS (
        SELECT FROM feature WHERE feature.prepared_sha256 = prepared_image.prepared_sha256
          AND feature.preprocessing = prepared_image.preprocessing
          AND feature.weights = ${weights} AND feature.numerics = ${numerics}))::int AS extracted
    FROM run_collection
    JOIN image ON image.collection_id = run_collection.collection_id
    LEFT JOIN prepared_image ON prepared_image.image_id = image.id
    LEFT JOIN image_rejection ON image_rejection.image_id = image.id
    WHERE run_collection.run_id = ${runId}::uuid`;
  return counts ?? { collected: 0, prepared: 0, rejected: 0, extracted: 0 };
}

/** The engines that computed a dataset's features, as they name themselves; one, unless it was mixed. */
export async function listEnginesOfDataset(db: Database, datasetSha256: string): Promise<string[]> {
  const rows = await db.prisma.$queryRaw<{ engine: string }[]>`
    SELECT DISTINCT feature.engine
    FROM dataset
    JOIN dataset_member AS member ON member.dataset_sha256 = dataset.sha256
    JOIN prepared_image ON prepared_image.image_id = member.image_id
    JOIN feature ON feature.prepared_sha256 = prepared_image.prepared_sha256
      AND feature.preprocessing = prepared_image.preprocessing AND feature.backbone = dataset.backbone
      AND feature.weights = dataset.weights AND feature.numerics = dataset.numerics
    WHERE dataset.sha256 = ${datasetSha256}
    ORDER BY feature.engine`;
  return rows.map((row) => row.engine);
}

/** How the images of a dataset were prepared; a model understands no others. */
export async function listPreprocessingsOfDataset(db: Database, datasetSha256: string): Promise<string[]> {
  const rows = await db.prisma.$queryRaw<{ preprocessing: string }[]>`
    SELECT DISTINCT prepared_image.preprocessing
    FROM dataset_member AS member JOIN prepared_image ON prepared_image.image_id = member.image_id
    WHERE member.dataset_sha256 = ${datasetSha256}
    ORDER BY prepared_image.preprocessing`;
  return rows.map((row) => row.preprocessing);
}

export interface RecordedEvaluation {
  readonly report: RunReport;
  readonly reportSha256: string;
  /** Every number by its name; one row each. */
  readonly named: ReadonlyMap<string, Estimate>;
}

/** Keeps a run's report and numbers in place of any earlier ones, ends the run and announces it (`model.evaluated`). */
export async function recordEvaluation(tx: Transaction, evaluation: RecordedEvaluation, origin: Origin): Promise<void> {
  const { report, reportSha256, named } = evaluation;
  await tx.prisma.$executeRaw`
    INSERT INTO evaluation (run_id, model_id, report, report_sha256)
    VALUES (${report.run}::uuid, ${report.model}::uuid, ${JSON.stringify(report)}::jsonb, ${reportSha256})
    ON CONFLICT (run_id) DO UPDATE SET model_id = EXCLUDED.model_id, report = EXCLUDED.report,
      report_sha256 = EXCLUDED.report_sha256, created_at = now()`;
  const rows = [...named].map(([name, estimate]) => ({ name, ...estimate }));
  await tx.prisma.$executeRaw`DELETE FROM metric WHERE run_id = ${report.run}::uuid`;
  await tx.prisma.$executeRaw`
    INSERT INTO metric (run_id, name, value, low, high)
    SELECT ${report.run}::uuid, name, value, low, high
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS one (name text, value float8, low float8, high float8)`;
  await setRunState(tx, report.run, { state: 'evaluated', synthetic: report.synthetic });
  const data = { runId: report.run, modelId: report.model, reportSha256 };
  await emit(tx, modelEvaluated, data, { ...origin, subject: report.run });
}

/** Every number of a run's report by its name; empty before its evaluation. */
export async function listMetrics(db: Database, runId: string): Promise<ReadonlyMap<string, Estimate>> {
  const rows = await db.prisma.metric.findMany({ where: { runId }, orderBy: { name: 'asc' } });
  return new Map(rows.map(({ name, value, low, high }) => [name, { value, low, high }]));
}

/** What a run's networks scored images that they were not trained on. */
export interface TestedImages {
  readonly classes: readonly string[];
  /** In the dataset's order; probabilities are means over repeats. */
  readonly images: readonly {
    readonly imageId: string;
    readonly label: number;
    readonly patient: string;
    readonly probabilities: readonly number[];
  }[];
}

/** For comparing runs; undefined while the run has no model. */
export async function findTestedImages(db: Database, runId: string): Promise<TestedImages | undefined> {
  const model = await db.prisma.runModel.findUnique({ where: { runId }, select: { modelId: true } });
  const dataset = model === null ? undefined : await findDatasetOfModel(db, model.modelId);
  if (model === null || dataset === undefined) return undefined;
  const members = await listScoredMembers(db, { modelId: model.modelId, datasetSha256: dataset.sha256 });
  const classes = dataset.task.classes.map((one) => one.name);
  const images = members
    .filter(({ scores }) => scores.length > 0)
    .map(({ imageId, label, patient, scores }) => ({
      imageId,
      label,
      patient,
      probabilities: classes.map((_, k) => {
        const sum = scores.reduce((total, score) => total + (score.probabilities[k] ?? 0), 0);
        return sum / scores.length;
      }),
    }));
  return { classes, images };
}
