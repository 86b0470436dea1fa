import { findModelView, listModelViews, type ModelView } from '@xvision/catalogue';
import { type Model, modelSchema, modelStageSchema, pageOf } from '@xvision/contracts';
import { z } from 'zod';
import type { ApiDependencies } from './dependencies.js';
import { NotFoundError } from './failures.js';
import { idPageQuery, page } from './page-query.js';
import { jsonRoute, type Route } from './route.js';

export function modelRoutes({ catalogue }: Pick<ApiDependencies, 'catalogue'>): Route[] {
  return [
    jsonRoute({
      method: 'get',
      path: '/api/models',
      summary: 'Models, newest first',
      role: 'viewer',
      query: z.strictObject({ ...idPageQuery, stage: modelStageSchema.optional() }),
      result: pageOf(modelSchema),
      handle: async ({ query: { cursor, limit, stage } }) => {
        const asked = {
          ...(cursor === undefined ? {} : { before: cursor }),
          ...(stage === undefined ? {} : { stage }),
        };
        const found = page(await listModelViews(catalogue, { limit: limit + 1, ...asked }), limit, (row) => row.id);
        return { body: { items: found.rows.map(modelShape), next: found.next } };
      },
    }),
    jsonRoute({
      method: 'get',
      path: '/api/models/{id}',
      summary: 'A model and its card',
      role: 'viewer',
      params: z.object({ id: z.uuid() }),
      result: modelSchema,
      handle: async ({ params }) => {
        const row = await findModelView(catalogue, params.id);
        if (row === undefined) throw new NotFoundError(`there is no model ${params.id}`);
        return { body: modelShape(row) };
      },
    }),
  ];
}

function modelShape(row: ModelView): Model {
  const { id, sha256, runId, task, synthetic, untrainedBackbone, profile, stage, promotedBy } = row;
  return {
    id,
    sha256,
    dataset: row.datasetSha256,
    runId,
    task,
    synthetic,
    untrainedBackbone,
    card: row.card as Record<string, unknown>,
    profile,
    stage,
    promotedBy,
    promotedAt: row.promotedAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
  };
}
