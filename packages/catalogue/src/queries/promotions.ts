import type { ModelStage, PromotionRequest } from '@xvision/contracts';
import { v7 as uuidv7 } from 'uuid';
import type { Database } from '../database.js';

export interface PromotionRow {
  readonly id: string;
  readonly modelId: string;
  readonly stage: string;
  readonly reason: string;
  readonly promotedBy: string;
  readonly createdAt: Date;
}

/** The stage that a model is in is the newest of these; none is ever changed. */
export async function recordPromotion(
  db: Database,
  promotion: PromotionRequest & { readonly modelId: string; readonly promotedBy: string },
): Promise<void> {
  const { modelId, stage, reason, promotedBy } = promotion;
  await db.prisma.modelPromotion.create({ data: { id: uuidv7(), modelId, stage, reason, promotedBy } });
}

/** Newest first. */
export async function listPromotions(db: Database, modelId: string): Promise<PromotionRow[]> {
  return await db.prisma.modelPromotion.findMany({ where: { modelId }, orderBy: { id: 'desc' } });
}

/** The stage of each of these models that was ever given one. */
export async function findStages(db: Database, modelIds: readonly string[]): Promise<ReadonlyMap<string, ModelStage>> {
  const rows = await db.prisma.$queryRaw<{ modelId: string; stage: ModelStage }[]>`
    SELECT DISTINCT ON (model_id) model_id::text AS "modelId", stage FROM model_promotion
    WHERE model_id = ANY (${[...modelIds]}::uuid[]) ORDER BY model_id, id DESC`;
  return new Map(rows.map(({ modelId, stage }) => [modelId, stage]));
}
