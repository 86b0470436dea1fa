import {
  type Catalogue,
  findCollection,
  findModel,
  findPredictionJobView,
  requestPrediction,
} from '@xvision/catalogue';
import { type PredictionJob, predictionJobSchema, predictionRequestSchema } from '@xvision/contracts';
import { z } from 'zod';
import type { ApiDependencies } from './dependencies.js';
import { NotFoundError, UnfitRequestError } from './failures.js';
import { jsonRoute, type Route } from './route.js';

export function predictionRoutes({ catalogue }: Pick<ApiDependencies, 'catalogue'>): Route[] {
  return [
    jsonRoute({
      method: 'post',
      path: '/api/predictions',
      summary: 'Ask a model about the images of a collection',
      role: 'operator',
      body: predictionRequestSchema,
      result: predictionJobSchema,
      status: 201,
      alsoReplies: { 200: 'It was asked before' },
      handle: async ({ body }) => {
        if ((await findModel(catalogue, body.modelId)) === undefined) {
          throw new UnfitRequestError(`there is no model ${body.modelId}: see /api/models`);
        }
        if ((await findCollection(catalogue, body.collectionId)) === undefined) {
          throw new UnfitRequestError(`there is no collection ${body.collectionId}: see /api/collections`);
        }
        const { id, created } = await catalogue.transaction((tx) => requestPrediction(tx, body));
        return { status: created ? 201 : 200, body: await jobOf(catalogue, id) };
      },
    }),
    jsonRoute({
      method: 'get',
      path: '/api/predictions/{id}',
      summary: 'A prediction job: a probability per class, or a reason, for each file',
      role: 'viewer',
      params: z.object({ id: z.uuid() }),
      result: predictionJobSchema,
      handle: async ({ params }) => ({ body: await jobOf(catalogue, params.id) }),
    }),
  ];
}

async function jobOf(catalogue: Catalogue, id: string): Promise<PredictionJob> {
  const job = await findPredictionJobView(catalogue, id);
  if (job === undefined) throw new NotFoundError(`there is no prediction job ${id}`);
  return { ...job, notice: 'Research use only; not a medical device' };
}
