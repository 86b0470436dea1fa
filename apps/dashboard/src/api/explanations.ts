import { createHash } from 'node:crypto';
import { findImageFeatures, findImageLineage } from '@xvision/catalogue';
import { explanationMethodSchema, type TrustVerdict } from '@xvision/contracts';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { MapQuestion } from '../explanation/map-question.js';
import type { ApiDependencies } from './dependencies.js';
import { ConflictError, NotFoundError, UnfitRequestError } from './failures.js';
import { type ExplainedModel, explainedModel, trustOf } from './model-trust.js';
import { type Route, streamRoute } from './route.js';

type Needs = Pick<ApiDependencies, 'catalogue' | 'maps'>;

const query = z.strictObject({
  model: z.uuid(),
  method: explanationMethodSchema,
  class: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({ description: 'The class that is explained; the last of two unless told' }),
  size: z.enum(['224', 'original']).default('224'),
  form: z.enum(['overlay', 'heat-map', 'npy']).default('overlay').meta({
    description: 'Over the radiograph; alone, transparent where the network saw nothing; raw values for NumPy',
  }),
  opacity: z.coerce.number().min(0).max(1).default(0.5).meta({ description: 'Of the map in an overlay' }),
  anyway: z
    .enum(['true', 'false'])
    .default('false')
    .meta({ description: 'Also a map that failed its tests; the picture is struck out' }),
});
type Query = z.infer<typeof query>;

const METHOD_VERSION = 1;

export function explanationRoutes(needs: Needs): Route[] {
  return [
    streamRoute({
      method: 'get',
      path: '/api/images/{id}/explanation',
      summary: 'A map of what moved a model in this image; X-Xvision-Trust says whether it is evidence',
      role: 'viewer',
      params: z.object({ id: z.uuid() }),
      query,
      reply: { status: 200, description: 'A PNG, or a .npy file', contentType: 'image/png' },
      alsoReplies: { 304: 'Not changed' },
      handle: async ({ params, query, request, response }) => {
        const model = await explainedModel(needs.catalogue, { model: query.model, class: query.class });
        const image = await explainedImage(needs, params.id, model);
        const verdict = await verdictOf(needs, query, model);
        const failed = verdict.verdict === 'failed';
        if (failed && query.anyway !== 'true') {
          throw new ConflictError(`${verdict.sentence}. Add anyway=true to see it struck out`);
        }
        const { method, form, size, opacity } = query;
        const { className } = model.target;
        const named = { sha256: model.sha256, card: model.card };
        const question = { model: named, image, method, className, form, size, opacity, crossed: failed };
        await send(needs, { question, verdict, name: `${params.id}-${method}` }, { request, response });
      },
    }),
  ];
}

async function verdictOf({ catalogue }: Needs, { model: id, method }: Query, { target, card }: ExplainedModel) {
  const { verdicts, unexplainable } = await trustOf(catalogue, { id, head: card.head }, target.className);
  if (unexplainable !== null) throw new UnfitRequestError(unexplainable);
  const verdict = verdicts.find((one) => one.method === method);
  if (verdict === undefined) throw new NotFoundError(`there is no method ${method}`);
  return verdict;
}

/** What the pipeline made of the image, as the model needs it. */
async function explainedImage(
  { catalogue }: Needs,
  id: string,
  { card }: ExplainedModel,
): Promise<MapQuestion['image']> {
  const lineage = await findImageLineage(catalogue, id);
  if (lineage === undefined) throw new NotFoundError(`there is no image ${id}`);
  const { prepared, originalSha256 } = lineage;
  if (prepared === null) throw new NotFoundError(`image ${id} is not prepared (yet): see its stage`);
  if (prepared.preprocessing !== card.preprocessing) {
    throw new UnfitRequestError(
      `image ${id} was prepared as ${prepared.preprocessing}, but the model was trained on ${card.preprocessing}`,
    );
  }
  const features = await findImageFeatures(catalogue, id);
  const feature = features.find(
    (one) => one.backbone === card.backbone && one.weights === card.weights && one.numerics === card.numerics,
  );
  if (feature === undefined) {
    throw new UnfitRequestError(
      `the model was trained on another backbone: it needs features of the weights ${card.weights} (${card.numerics}), ` +
        `which image ${id} does not have. Start the extractor with the model's weights and collect the image again`,
    );
  }
  return { featureSha256: feature.sha256, preparedSha256: prepared.sha256, originalSha256 };
}

interface Asked {
  readonly question: MapQuestion;
  readonly verdict: TrustVerdict;
  readonly name: string;
}

async function send(
  { maps }: Needs,
  { question, verdict, name }: Asked,
  { request, response }: { request: Request; response: Response },
): Promise<void> {
  const { card: _card, ...model } = question.model;
  const content = JSON.stringify([METHOD_VERSION, { ...question, model }, verdict.verdict]);
  const raw = question.form === 'npy';
  response.set({
    'Content-Type': raw ? 'application/octet-stream' : 'image/png',
    'Content-Disposition': `${raw ? 'attachment' : 'inline'}; filename="${name}.${raw ? 'npy' : 'png'}"`,
    // A new trust card changes what may be shown: ask again each time.
    'Cache-Control': 'private, no-cache',
    ETag: `"${createHash('sha256').update(content).digest('hex')}"`,
    'X-Xvision-Trust': verdict.verdict,
    'X-Xvision-Notice': 'Research use only; not a medical device',
  });
  if (request.fresh) {
    response.status(304).end();
    return;
  }
  const bytes = await maps.draw(question).catch((error: unknown) => {
    for (const header of ['Content-Disposition', 'ETag', 'Cache-Control']) response.removeHeader(header);
    throw understood(error);
  });
  response.end(bytes);
}

/** Errors cross the thread's border by name. */
const UNFIT = new Set([
  'UnexplainableError',
  'WeightsError',
  'ModelMismatchError',
  'DamagedFileError',
  'UnfitImageError',
]);

function understood(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if (UNFIT.has(error.name)) return new UnfitRequestError(error.message, { cause: error });
  if (error.name === 'BlobMissingError') return new NotFoundError(error.message, { cause: error });
  return error;
}
