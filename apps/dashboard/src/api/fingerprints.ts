import { findRun, listFingerprints, listMemberFingerprints } from '@xvision/catalogue';
import { fingerprintSchema, pageOf } from '@xvision/contracts';
import { z } from 'zod';
import type { ApiDependencies } from './dependencies.js';
import { NotFoundError } from './failures.js';
import { idPageQuery, numberPageQuery, page } from './page-query.js';
import { jsonRoute, type Route } from './route.js';

const limit = z.coerce.number().int().min(1).max(5000).default(1000);
const runQuery = z.strictObject({
  cursor: numberPageQuery.cursor.pipe(z.string().max(9).optional()),
  limit,
});

export function fingerprintRoutes({ catalogue }: Pick<ApiDependencies, 'catalogue'>): Route[] {
  return [
    jsonRoute({
      method: 'get',
      path: '/api/fingerprints',
      summary: 'By what every image that could be trained on can be recognised in another set',
      role: 'viewer',
      query: z.strictObject({ cursor: idPageQuery.cursor, limit }),
      result: pageOf(fingerprintSchema),
      handle: async ({ query: { cursor, limit } }) => {
        const after = cursor === undefined ? {} : { after: cursor };
        const rows = await listFingerprints(catalogue, { limit: limit + 1, ...after });
        const found = page(rows, limit, (row) => row.imageId);
        return { body: { items: found.rows.map((row) => ({ ...row, folds: null })), next: found.next } };
      },
    }),
    jsonRoute({
      method: 'get',
      path: '/api/runs/{id}/fingerprints',
      summary: "The same of a run's dataset, in its order, with the folds",
      role: 'viewer',
      params: z.object({ id: z.uuid() }),
      query: runQuery,
      result: pageOf(fingerprintSchema),
      handle: async ({ params: { id }, query: { cursor, limit } }) => {
        if ((await findRun(catalogue, id)) === undefined) throw new NotFoundError(`there is no run ${id}`);
        const after = cursor === undefined ? -1 : Number(cursor);
        const rows = await listMemberFingerprints(catalogue, id, { after, limit: limit + 1 });
        const found = page(rows, limit, (row) => String(row.position));
        const items = found.rows.map(({ position: _position, folds, ...row }) => ({ ...row, folds: [...folds] }));
        return { body: { items, next: found.next } };
      },
    }),
  ];
}
