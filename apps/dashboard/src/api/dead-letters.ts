import { type DeadLetterRow, discardDeadLetters, listDeadLetters, redriveDeadLetters } from '@xvision/catalogue';
import {
  type DeadLetter,
  deadLetterActionResultSchema,
  deadLetterActionSchema,
  deadLetterSchema,
  pageOf,
} from '@xvision/contracts';
import { z } from 'zod';
import type { ApiDependencies } from './dependencies.js';
import { idPageQuery, page } from './page-query.js';
import { jsonRoute, type Route } from './route.js';

const query = z.strictObject({ ...idPageQuery, state: deadLetterSchema.shape.state.optional() });

export function deadLetterRoutes({ catalogue }: Pick<ApiDependencies, 'catalogue'>): Route[] {
  const action = { role: 'operator', body: deadLetterActionSchema, result: deadLetterActionResultSchema } as const;
  return [
    jsonRoute({
      method: 'get',
      path: '/api/dead-letters',
      summary: 'Events that a consumer gave up on, newest first',
      role: 'viewer',
      query,
      result: pageOf(deadLetterSchema),
      handle: async ({ query: { cursor, limit, state } }) => {
        const filter = {
          ...(cursor === undefined ? {} : { before: cursor }),
          ...(state === undefined ? {} : { state }),
        };
        const rows = await listDeadLetters(catalogue, { limit: limit + 1, ...filter });
        const found = page(rows, limit, (row) => row.id);
        return { body: { items: found.rows.map(deadLetterShape), next: found.next } };
      },
    }),
    jsonRoute({
      ...action,
      method: 'post',
      path: '/api/dead-letters/redrive',
      summary: 'Publish the events of open dead letters once more',
      handle: async ({ body: { ids, reason } }) => ({
        body: await catalogue.transaction((tx) => redriveDeadLetters(tx, ids, reason)),
      }),
    }),
    jsonRoute({
      ...action,
      method: 'post',
      path: '/api/dead-letters/discard',
      summary: 'Close open dead letters without another try',
      handle: async ({ body: { ids, reason } }) => ({
        body: await catalogue.transaction((tx) => discardDeadLetters(tx, ids, reason)),
      }),
    }),
  ];
}

function deadLetterShape(row: DeadLetterRow): DeadLetter {
  const { id, consumer, subject, eventId, reason, message, deliveries, state, resolution } = row;
  return {
    id,
    consumer,
    subject,
    eventId,
    reason,
    message,
    deliveries,
    state,
    resolution,
    createdAt: row.createdAt.toISOString(),
    resolvedAt: row.resolvedAt?.toISOString() ?? null,
  };
}
