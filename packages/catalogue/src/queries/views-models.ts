import { type ModelStage, type ScoringProfile, scoringProfileSchema, type Task } from '@xvision/contracts';
import type { Database } from '../database.js';
import { findModel, listModels, type ModelPage, type ModelRow } from './models.js';
import { findStages } from './promotions.js';

export interface ModelView extends ModelRow {
  /** The newest run that came to this model. */
  readonly runId: string | null;
  readonly task: string;
  readonly synthetic: boolean;
  readonly untrainedBackbone: boolean;
  /** Null until it is evaluated. */
  readonly profile: ScoringProfile | null;
  readonly stage: ModelStage;
}

export async function findModelView(db: Database, id: string): Promise<ModelView | undefined> {
  const model = await findModel(db, id);
  if (model === undefined) return undefined;
  const [view] = await withOrigin(db, [model]);
  return view;
}

/** Newest first. */
export async function listModelViews(db: Database, page: ModelPage): Promise<ModelView[]> {
  return await withOrigin(db, await listModels(db, page));
}

async function withOrigin(db: Database, models: readonly ModelRow[]): Promise<ModelView[]> {
  const datasets = await db.prisma.dataset.findMany({
    where: { sha256: { in: models.map((model) => model.datasetSha256) } },
    select: { sha256: true, task: true, synthetic: true, weights: true },
  });
  const untrained = await db.prisma.backboneWeights.findMany({
    where: { weights: { in: datasets.map((dataset) => dataset.weights) }, trained: false },
    select: { weights: true },
  });
  const runs = await db.prisma.runModel.findMany({
    where: { modelId: { in: models.map((model) => model.id) } },
    orderBy: { runId: 'asc' },
  });
  const profiles = await db.prisma.scoringProfile.findMany({
    where: { modelId: { in: models.map((model) => model.id) } },
  });
  const stages = await findStages(
    db,
    models.map((model) => model.id),
  );
  const profileOf = new Map(profiles.map((one) => [one.modelId, scoringProfileSchema.parse(one.profile)]));
  const datasetOf = new Map(datasets.map((one) => [one.sha256, one]));
  const untrainedWeights = new Set(untrained.map((one) => one.weights));
  const runOf = new Map(runs.map((one) => [one.modelId, one.runId]));
  return models.map((model) => {
    const dataset = datasetOf.get(model.datasetSha256);
    return {
      ...model,
      runId: runOf.get(model.id) ?? null,
      task: (dataset?.task as unknown as Task | undefined)?.name ?? '',
      synthetic: dataset?.synthetic ?? false,
      untrainedBackbone: dataset !== undefined && untrainedWeights.has(dataset.weights),
      profile: profileOf.get(model.id) ?? null,
      stage: stages.get(model.id) ?? 'none',
    };
  });
}
