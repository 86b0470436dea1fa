import { v7 as uuidv7 } from 'uuid';
import type { Database, Transaction } from '../database.js';
import type { Prisma } from '../generated/client.js';

export interface ModelRow {
  readonly id: string;
  /** Of dataset, settings and seed: the same model is trained once. */
  readonly contentKey: string;
  /** Of the model file in the blob store. */
  readonly sha256: string;
  readonly datasetSha256: string;
  /** All that scoring needs to be right; its shape is the learning package's. */
  readonly card: unknown;
  readonly createdAt: Date;
}

export interface NewModel {
  readonly runId: string;
  readonly contentKey: string;
  readonly sha256: string;
  readonly datasetSha256: string;
  readonly card: Prisma.InputJsonValue;
}

/** Keeps a model and that the run has it; an equal model (same content key) is shared, and its id comes back. */
export async function recordModel(tx: Transaction, model: NewModel): Promise<{ id: string; created: boolean }> {
  const { runId, contentKey, sha256, datasetSha256, card } = model;
  const created = await tx.prisma.$executeRaw`
    INSERT INTO model (id, content_key, sha256, dataset_sha256, card)
    VALUES (${uuidv7()}::uuid, ${contentKey}, ${sha256}, ${datasetSha256}, ${JSON.stringify(card)}::jsonb)
    ON CONFLICT (content_key) DO NOTHING`;
  const { id } = await tx.prisma.model.findUniqueOrThrow({ where: { contentKey }, select: { id: true } });
  await tx.prisma.$executeRaw`
    INSERT INTO run_model (run_id, model_id) VALUES (${runId}::uuid, ${id}::uuid)
    ON CONFLICT (run_id) DO UPDATE SET model_id = EXCLUDED.model_id`;
  return { id, created: created === 1 };
}

export async function findModel(db: Database, id: string): Promise<ModelRow | undefined> {
  return (await db.prisma.model.findUnique({ where: { id } })) ?? undefined;
}

export async function findModelByContent(db: Database, contentKey: string): Promise<ModelRow | undefined> {
  return (await db.prisma.model.findUnique({ where: { contentKey } })) ?? undefined;
}

/** The model that a run delivered, or undefined while there is none. */
export async function findModelOfRun(db: Database, runId: string): Promise<ModelRow | undefined> {
  const row = await db.prisma.runModel.findUnique({ where: { runId }, select: { model: true } });
  return row?.model;
}

export interface ModelPage {
  /** The id of the last row of the page before; ids are UUIDv7, so they sort by time. */
  readonly before?: string;
  readonly limit?: number;
}

/** Newest first. */
export async function listModels(db: Database, { before, limit = 50 }: ModelPage = {}): Promise<ModelRow[]> {
  return await db.prisma.model.findMany({
    ...(before === undefined ? {} : { where: { id: { lt: before } } }),
    orderBy: { id: 'desc' },
    take: limit,
  });
}

/** One image as a network that never saw its patient scores it. */
export interface TestScore {
  readonly imageId: string;
  readonly repeat: number;
  readonly fold: number;
  readonly label: number;
  readonly probabilities: readonly number[];
}

/** Keeps a model's test scores in one statement; what is there already stays. */
export async function recordTestScores(tx: Transaction, modelId: string, scores: readonly TestScore[]): Promise<void> {
  await tx.prisma.$executeRaw`
    INSERT INTO test_score (model_id, image_id, repeat, fold, label, probabilities)
    SELECT ${modelId}::uuid, (score ->> 'imageId')::uuid, (score ->> 'repeat')::smallint, (score ->> 'fold')::smallint,
      (score ->> 'label')::int,
      ARRAY(SELECT p::float8 FROM jsonb_array_elements_text(score -> 'probabilities') WITH ORDINALITY AS one (p, n)
        ORDER BY n)
    FROM jsonb_array_elements(${JSON.stringify(scores)}::jsonb) AS score
    ON CONFLICT DO NOTHING`;
}
