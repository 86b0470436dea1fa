import { type Catalogue, findModelView, listStudies } from '@xvision/catalogue';
import { type ModelTrust, modelTrustSchema } from '@xvision/contracts';
import { type KnownCard, type Target, targetOf, trustOfModel, UnexplainableError } from '@xvision/explanation';
import { type HeadCard, headCardSchema } from '@xvision/learning';
import { z } from 'zod';
import type { ApiDependencies } from './dependencies.js';
import { NotFoundError, UnfitRequestError } from './failures.js';
import { jsonRoute, type Route } from './route.js';

/** Trust cards of a model that are looked at, newest first. */
const CARDS = 20;

export function modelTrustRoutes({ catalogue }: Pick<ApiDependencies, 'catalogue'>): Route[] {
  return [
    jsonRoute({
      method: 'get',
      path: '/api/models/{id}/trust-card',
      summary: 'Which maps of a model passed their tests, which failed, and which were never tested',
      role: 'viewer',
      params: z.object({ id: z.uuid() }),
      query: z.strictObject({ class: z.string().min(1).max(200).optional() }),
      result: modelTrustSchema,
      handle: async ({ params: { id }, query }) => {
        const { target, card } = await explainedModel(catalogue, { model: id, class: query.class });
        return { body: await trustOf(catalogue, { id, head: card.head }, target.className) };
      },
    }),
  ];
}

export interface ExplainedModel {
  readonly sha256: string;
  readonly card: HeadCard;
  readonly target: Target;
}

/** Throws when there is no such model, and when it, or the class, cannot be explained. */
export async function explainedModel(
  catalogue: Catalogue,
  { model: id, class: asked }: { model: string; class: string | undefined },
): Promise<ExplainedModel> {
  const model = await findModelView(catalogue, id);
  if (model === undefined) throw new NotFoundError(`there is no model ${id}`);
  const card = headCardSchema.safeParse(model.card);
  if (!card.success) throw new UnfitRequestError(`the card of model ${id} is of another version: train it again`);
  try {
    return { sha256: model.sha256, card: card.data, target: targetOf(card.data, asked) };
  } catch (error) {
    if (error instanceof UnexplainableError) throw new UnfitRequestError(error.message, { cause: error });
    throw error;
  }
}

export async function trustOf(
  catalogue: Catalogue,
  model: { readonly id: string; readonly head: HeadCard['head'] },
  className: string,
): Promise<ModelTrust> {
  const studies = await listStudies(catalogue, { about: model.id, kind: 'trust-card', limit: CARDS });
  const cards = studies.flatMap(({ id: studyId, result }): KnownCard[] =>
    result?.kind === 'trust-card' ? [{ studyId, card: result }] : [],
  );
  return trustOfModel(model, className, cards);
}
