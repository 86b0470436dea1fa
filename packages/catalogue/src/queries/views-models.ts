import { type ModelStage, type ScoringProfile, scoringProfileSchema } from '@xvision/contracts';
import type { Database } from '../database.js';
import { Prisma } from '../generated/client.js';
import type { ModelRow } from './models.js';

export interface ModelView extends ModelRow {
  /** The newest run that came to this model. */
  readonly runId: string | null;
  readonly task: string;
  readonly synthetic: boolean;
  readonly untrainedBackbone: boolean;
  /** Null until it is evaluated. */
  readonly profile: ScoringProfile | null;
  readonly stage: ModelStage;
  /** Of the promotion to this stage; null while there is none. */
  readonly promotedBy: string | null;
  readonly promotedAt: Date | null;
}

interface ModelViewPage {
  readonly stage?: ModelStage;
  /** The id of the last row of the page before; ids are UUIDv7, so they sort by time. */
  readonly before?: string;
  readonly limit: number;
}

export async function findModelView(db: Database, id: string): Promise<ModelView | undefined> {
  const [view] = await selectModels(db, [Prisma.sql`model.id = ${id}::uuid`], 1);
  return view;
}

/** Newest first. */
export async function listModelViews(db: Database, { before, limit, stage }: ModelViewPage): Promise<ModelView[]> {
  const conditions = [
    Prisma.sql`true`,
    ...(before === undefined ? [] : [Prisma.sql`model.id < ${before}::uuid`]),
    ...(stage === undefined ? [] : [Prisma.sql`coalesce(promotion.stage, 'none') = ${stage}`]),
  ];
  return await selectModels(db, conditions, limit);
}

async function selectModels(db: Database, conditions: readonly Prisma.Sql[], limit: number): Promise<ModelView[]> {
  const rows = await db.prisma.$queryRaw<(Omit<ModelView, 'profile'> & { profile: unknown })[]>`
    SELECT model.id, model.content_key AS "contentKey", model.sha256, model.dataset_sha256 AS "datasetSha256", model.card,
      model.created_at AS "createdAt",
      (SELECT run_id FROM run_model WHERE model_id = model.id ORDER BY run_id DESC LIMIT 1) AS "runId",
      coalesce(dataset.task ->> 'name', '') AS task, dataset.synthetic,
      EXISTS (SELECT FROM backbone_weights WHERE weights = dataset.weights AND NOT trained) AS "untrainedBackbone",
      scoring_profile.profile, coalesce(promotion.stage, 'none') AS stage,
      promotion.promoted_by AS "promotedBy", promotion.created_at AS "promotedAt"
    FROM model
    JOIN dataset ON dataset.sha256 = model.dataset_sha256
    LEFT JOIN scoring_profile ON scoring_profile.model_id = model.id
    LEFT JOIN LATERAL (
      SELECT stage, promoted_by, created_at FROM model_promotion WHERE model_promotion.model_id = model.id ORDER BY model_promotion.id DESC LIMIT 1
    ) AS promotion ON true
    WHERE ${Prisma.join([...conditions], ' AND ')}
    ORDER BY model.id DESC LIMIT ${limit}`;
  return rows.map((row) => ({
    ...row,
    profile: row.profile === null ? null : scoringProfileSchema.parse(row.profile),
  }));
}
