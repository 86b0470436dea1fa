import { countImages, findImageFacets, type ImageFacets, keepReadings, listImageViews } from '@xvision/catalogue';
import {
  imageCountSchema,
  imageDetailSchema,
  imageFacetsSchema,
  imageNeighboursSchema,
  imageSummarySchema,
  pageOf,
} from '@xvision/contracts';
import { z } from 'zod';
import type { ApiDependencies } from './dependencies.js';
import { imageDetail } from './image-detail.js';
import { neighboursOf } from './image-neighbours.js';
import {
  cursorOf,
  filterQuery,
  type ImageQuestions,
  imageFilter,
  imageQuestions,
  listQuery,
  readCursor,
} from './image-query.js';
import { imageSummary } from './image-shape.js';
import { page } from './page-query.js';
import { jsonRoute, type Route } from './route.js';

type Needs = Pick<ApiDependencies, 'catalogue'>;

const params = z.object({ id: z.uuid() });

export function imageRoutes(needs: Needs): Route[] {
  const questions = imageQuestions(needs.catalogue);
  return [...listRoutes(questions), ...oneRoutes(questions)];
}

function listRoutes(questions: ImageQuestions): Route[] {
  const { catalogue } = questions;
  const kept = keepReadings<ImageFacets>(catalogue, 1);
  return [
    jsonRoute({
      method: 'get',
      path: '/api/images',
      summary: 'Images, in the order in which they were collected unless another is asked for',
      role: 'viewer',
      query: z.strictObject(listQuery),
      result: pageOf(imageSummarySchema),
      handle: async ({ query: { cursor, limit, ...query } }) => {
        const filter = await imageFilter(questions, query);
        const rows = await listImageViews(catalogue, filter, {
          after: readCursor(cursor, query.sort),
          limit: limit + 1,
        });
        const found = page(rows, limit, (row) => cursorOf(row, query.sort));
        return { body: { items: found.rows.map((row) => imageSummary(row, filter.run)), next: found.next } };
      },
    }),
    jsonRoute({
      method: 'get',
      path: '/api/images/count',
      summary: 'How many images a filter lets through: counted up to 10,000, estimated beyond',
      role: 'viewer',
      query: z.strictObject(filterQuery),
      result: imageCountSchema,
      handle: async ({ query }) => ({ body: await countImages(catalogue, await imageFilter(questions, query)) }),
    }),
    jsonRoute({
      method: 'get',
      path: '/api/images/facets',
      summary: 'Licences and labels to filter by',
      role: 'viewer',
      result: imageFacetsSchema,
      handle: async () => {
        const { licences, labels } = await kept('facets', () => findImageFacets(catalogue));
        return { body: { licences: [...licences], labels: [...labels] } };
      },
    }),
  ];
}

function oneRoutes(questions: ImageQuestions): Route[] {
  return [
    jsonRoute({
      method: 'get',
      path: '/api/images/{id}',
      summary: 'An image with its source, lineage and everything that was said of it',
      role: 'viewer',
      params,
      result: imageDetailSchema,
      handle: async ({ params }) => ({ body: await imageDetail(questions.catalogue, params.id) }),
    }),
    jsonRoute({
      method: 'get',
      path: '/api/images/{id}/neighbours',
      summary: 'The images before and after this one in a filtered list',
      role: 'viewer',
      params,
      query: z.strictObject(filterQuery),
      result: imageNeighboursSchema,
      handle: async ({ params, query }) => ({ body: await neighboursOf(questions, params.id, query) }),
    }),
  ];
}
