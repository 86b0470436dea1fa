import {
  type Catalogue,
  findImageFeatures,
  findImageLineage,
  findImagePredictions,
  findImageStandings,
  findImageView,
  findRunContext,
  type ImageFilter,
  listImageViews,
  namedProbabilities,
  type RunContext,
} from '@xvision/catalogue';
import {
  collectionSchema,
  type ImageDetail,
  imageDetailSchema,
  imageStageSchema,
  imageSummarySchema,
  pageOf,
  viewSchema,
} from '@xvision/contracts';
import { z } from 'zod';
import type { ApiDependencies } from './dependencies.js';
import { InvalidRequestError, NotFoundError } from './failures.js';
import { imageSummary, standingOf } from './image-shape.js';
import { idPageQuery, page } from './page-query.js';
import { jsonRoute, type Route } from './route.js';

const imageQuery = z.strictObject({
  ...idPageQuery,
  collection: z.uuid().optional(),
  source: collectionSchema.shape.source.optional(),
  view: viewSchema.optional(),
  stage: imageStageSchema.optional(),
  label: z.string().min(1).max(400).optional().meta({
    description: "With `run`: a class of its task. Without: a label, finding or MeSH term in the source's own words",
  }),
  run: z.uuid().optional().meta({ description: 'Show what this run made of each image' }),
  split: z.enum(['train', 'test']).optional().meta({ description: 'Needs `run`' }),
  outcome: z.enum(['correct', 'wrong']).optional().meta({ description: 'Needs `run`' }),
});

export function imageRoutes({ catalogue }: Pick<ApiDependencies, 'catalogue'>): Route[] {
  return [
    jsonRoute({
      method: 'get',
      path: '/api/images',
      summary: 'Images, in the order in which they were collected',
      role: 'viewer',
      query: imageQuery,
      result: pageOf(imageSummarySchema),
      handle: async ({ query }) => {
        const run = await runContext(catalogue, query);
        const rows = await listImageViews(catalogue, filterOf(query, run));
        const found = page(rows, query.limit, (row) => row.id);
        return { body: { items: found.rows.map((row) => imageSummary(row, run)), next: found.next } };
      },
    }),
    jsonRoute({
      method: 'get',
      path: '/api/images/{id}',
      summary: 'An image with its source, lineage and everything that was said of it',
      role: 'viewer',
      params: z.object({ id: z.uuid() }),
      result: imageDetailSchema,
      handle: async ({ params }) => ({ body: await imageDetail(catalogue, params.id) }),
    }),
  ];
}

async function runContext(catalogue: Catalogue, query: z.output<typeof imageQuery>): Promise<RunContext | undefined> {
  const { run, split, outcome } = query;
  if (run === undefined) {
    if (split === undefined && outcome === undefined) return undefined;
    throw new InvalidRequestError('split and outcome are those of a run: name it in `run`');
  }
  const context = await findRunContext(catalogue, run);
  if (context === undefined) throw new NotFoundError(`there is no run ${run}`);
  return context;
}

function filterOf(query: z.output<typeof imageQuery>, run: RunContext | undefined): ImageFilter {
  const { cursor, limit, collection, source, view, stage, label, split, outcome } = query;
  return {
    limit: limit + 1,
    ...(cursor === undefined ? {} : { after: cursor }),
    ...(collection === undefined ? {} : { collectionId: collection }),
    ...(source === undefined ? {} : { source }),
    ...(view === undefined ? {} : { view }),
    ...(stage === undefined ? {} : { stage }),
    ...(label === undefined ? {} : { label }),
    ...(split === undefined ? {} : { split }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(run === undefined ? {} : { run }),
  };
}

async function imageDetail(catalogue: Catalogue, id: string): Promise<ImageDetail> {
  const [view, lineage] = await Promise.all([findImageView(catalogue, id), findImageLineage(catalogue, id)]);
  if (view === undefined || lineage === undefined) throw new NotFoundError(`there is no image ${id}`);
  const [features, standings, predictions] = await Promise.all([
    findImageFeatures(catalogue, id),
    findImageStandings(catalogue, id),
    findImagePredictions(catalogue, id),
  ]);
  const { standing: _none, ...summary } = imageSummary(view);
  const { patient, sourceUrl, report, attributes, prepared, originalSha256, mediaType, byteLength } = lineage;
  return {
    ...summary,
    patient,
    sourceUrl,
    report,
    attributes: { ...attributes },
    original: { sha256: originalSha256, mediaType, byteLength },
    prepared,
    features,
    standings: standings.flatMap(({ run, image }) => standingOf(image, run) ?? []),
    predictions: predictions.map(({ jobId, modelId, classes, probabilities, abstained }) => ({
      jobId,
      modelId,
      probabilities: probabilities === null ? null : namedProbabilities(classes, probabilities),
      abstained,
    })),
    notice: 'Research use only; not a medical device',
  };
}
