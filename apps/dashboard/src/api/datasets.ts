import { hasDataset, listDatasetMembers } from '@xvision/catalogue';
import { datasetMemberSchema, pageOf, sha256Schema } from '@xvision/contracts';
import { z } from 'zod';
import type { ApiDependencies } from './dependencies.js';
import { NotFoundError } from './failures.js';
import { numberPageQuery, page } from './page-query.js';
import { jsonRoute, type Route } from './route.js';

const query = z.strictObject({
  ...numberPageQuery,
  cursor: z
    .string()
    .regex(/^\d{1,9}$/, 'a whole number')
    .optional(),
  limit: z.coerce.number().int().min(1).max(5000).default(100),
});

export function datasetRoutes({ catalogue }: Pick<ApiDependencies, 'catalogue'>): Route[] {
  return [
    jsonRoute({
      method: 'get',
      path: '/api/datasets/{sha256}/members',
      summary: 'The images of a frozen dataset in its own order, with class, patient and folds',
      role: 'viewer',
      params: z.object({ sha256: sha256Schema }),
      query,
      result: pageOf(datasetMemberSchema),
      handle: async ({ params: { sha256 }, query: { cursor, limit } }) => {
        const after = cursor === undefined ? -1 : Number(cursor);
        const rows = await listDatasetMembers(catalogue, sha256, { after, limit: limit + 1 });
        if (rows.length === 0 && !(await hasDataset(catalogue, sha256))) {
          throw new NotFoundError(`there is no dataset ${sha256}`);
        }
        const found = page(rows, limit, (row) => String(row.position));
        return { body: { items: found.rows.map((row) => ({ ...row, folds: [...row.folds] })), next: found.next } };
      },
    }),
  ];
}
