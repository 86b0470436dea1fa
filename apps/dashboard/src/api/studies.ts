import { type Catalogue, findStudy, listStudies, requestStudy } from '@xvision/catalogue';
import { pageOf, type Study, studyKindSchema, studyRequestSchema, studySchema } from '@xvision/contracts';
import { z } from 'zod';
import type { ApiDependencies } from './dependencies.js';
import { NotFoundError } from './failures.js';
import { idPageQuery, page } from './page-query.js';
import { jsonRoute, type Route } from './route.js';

export function studyRoutes({ catalogue }: Pick<ApiDependencies, 'catalogue'>): Route[] {
  return [
    jsonRoute({
      method: 'post',
      path: '/api/studies',
      summary: 'Ask a long question about a run, a model or a collection',
      role: 'operator',
      body: studyRequestSchema,
      result: studySchema,
      status: 201,
      alsoReplies: { 200: 'It was asked before' },
      handle: async ({ body }) => {
        const origin = { source: 'xvision/dashboard' };
        const { id, created } = await catalogue.transaction((tx) => requestStudy(tx, body, origin));
        return { status: created ? 201 : 200, body: await studyOf(catalogue, id) };
      },
    }),
    jsonRoute({
      method: 'get',
      path: '/api/studies',
      summary: 'Studies, newest first',
      role: 'viewer',
      query: z.strictObject({ ...idPageQuery, about: z.uuid().optional(), kind: studyKindSchema.optional() }),
      result: pageOf(studySchema),
      handle: async ({ query: { cursor, limit, ...filter } }) => {
        const rows = await listStudies(catalogue, { ...filter, before: cursor, limit: limit + 1 });
        const found = page(rows, limit, (row) => row.id);
        return { body: { items: [...found.rows], next: found.next } };
      },
    }),
    jsonRoute({
      method: 'get',
      path: '/api/studies/{id}',
      summary: 'A study with its result',
      role: 'viewer',
      params: z.object({ id: z.uuid() }),
      result: studySchema,
      handle: async ({ params }) => ({ body: await studyOf(catalogue, params.id) }),
    }),
  ];
}

async function studyOf(catalogue: Catalogue, id: string): Promise<Study> {
  const study = await findStudy(catalogue, id);
  if (study === undefined) throw new NotFoundError(`there is no study ${id}`);
  return study;
}
