import { findRunClaims } from '@xvision/catalogue';
import { pageOf, proofLinkSchema } from '@xvision/contracts';
import { z } from 'zod';
import { proveMembers, proveRun } from '../proof/prove-run.js';
import type { ApiDependencies } from './dependencies.js';
import { NotFoundError } from './failures.js';
import { jsonRoute, type Route } from './route.js';

/** A page reads every byte of its images, so it is short. */
const query = z.strictObject({
  cursor: z
    .string()
    .regex(/^\d{1,9}$/, 'a whole number')
    .optional()
    .meta({ description: 'The `next` of the page before' }),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(200)
    .default(50)
    .meta({ description: 'Images a page, with all their links' }),
});

export function proofRoutes(needs: Pick<ApiDependencies, 'catalogue' | 'blobs'>): Route[] {
  return [
    jsonRoute({
      method: 'get',
      path: '/api/runs/{id}/proof',
      summary: 'Every hash from the report of a run back to the sources of its images, computed again',
      role: 'viewer',
      params: z.object({ id: z.uuid() }),
      query,
      result: pageOf(proofLinkSchema),
      handle: async ({ params: { id }, query: { cursor, limit } }) => {
        const claims = await findRunClaims(needs.catalogue, id);
        if (claims === undefined) throw new NotFoundError(`there is no run ${id}, or it has no model (yet)`);
        const head = cursor === undefined ? await proveRun(needs, claims) : [];
        const after = cursor === undefined ? -1 : Number(cursor);
        const { links, next } = await proveMembers(needs, claims.datasetSha256, { after, limit });
        return { body: { items: [...head, ...links], next: next === null ? null : String(next) } };
      },
    }),
  ];
}
