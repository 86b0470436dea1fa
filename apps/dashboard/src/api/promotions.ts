import { type Catalogue, findModel, findStages, listPromotions, recordPromotion } from '@xvision/catalogue';
import { modelStageSchema, pageOf, promotionRequestSchema, promotionSchema } from '@xvision/contracts';
import { z } from 'zod';
import type { Authority } from './authority.js';
import type { ApiDependencies } from './dependencies.js';
import { ConflictError, NotFoundError } from './failures.js';
import { jsonRoute, type Route } from './route.js';

const params = z.object({ id: z.uuid() });

/** Which model is in which stage, and who let it through. */
export function promotionRoutes(
  { catalogue }: Pick<ApiDependencies, 'catalogue'>,
  authority: Pick<Authority, 'identify'>,
): Route[] {
  return [
    jsonRoute({
      method: 'get',
      path: '/api/models/{id}/promotions',
      summary: 'Every change of stage of a model, newest first: by whom, when and why',
      role: 'viewer',
      params,
      result: pageOf(promotionSchema),
      handle: async ({ params: { id } }) => {
        await requireModel(catalogue, id);
        return { body: await promotionsOf(catalogue, id) };
      },
    }),
    jsonRoute({
      method: 'post',
      path: '/api/models/{id}/promotions',
      summary: 'Move a model to another stage, with a reason',
      role: 'operator',
      params,
      body: promotionRequestSchema,
      result: pageOf(promotionSchema),
      status: 201,
      handle: async ({ params: { id }, body }, { request }) => {
        await requireModel(catalogue, id);
        const before = (await findStages(catalogue, [id])).get(id) ?? 'none';
        if (before === body.stage) throw new ConflictError(`model ${id} is ${before} already`);
        const promotedBy = (await authority.identify(request))?.name ?? 'unknown';
        await recordPromotion(catalogue, { ...body, modelId: id, promotedBy });
        return { body: await promotionsOf(catalogue, id) };
      },
    }),
  ];
}

async function promotionsOf(catalogue: Catalogue, id: string) {
  const rows = await listPromotions(catalogue, id);
  const items = rows.map((row) => ({
    ...row,
    stage: modelStageSchema.parse(row.stage),
    createdAt: row.createdAt.toISOString(),
  }));
  return { items, next: null };
}

async function requireModel(catalogue: Catalogue, id: string): Promise<void> {
  if ((await findModel(catalogue, id)) === undefined) throw new NotFoundError(`there is no model ${id}`);
}
