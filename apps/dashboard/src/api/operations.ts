import { databaseBytes, listServiceInstances, type ServiceInstanceRow } from '@xvision/catalogue';
import { pageOf, type ServiceInstance, serviceInstanceSchema, storageSchema } from '@xvision/contracts';
import { z } from 'zod';
import type { ApiDependencies } from './dependencies.js';
import { idPageQuery, page } from './page-query.js';
import { jsonRoute, type Route } from './route.js';

/** Who runs, who ran, and what is stored. */
export function operationRoutes({ catalogue, storage }: Pick<ApiDependencies, 'catalogue' | 'storage'>): Route[] {
  return [
    jsonRoute({
      method: 'get',
      path: '/api/system/services',
      summary: 'Processes by their start, newest first: who lives, who stopped, who fell silent, and how each is',
      role: 'viewer',
      query: z.strictObject(idPageQuery),
      result: pageOf(serviceInstanceSchema),
      handle: async ({ query: { cursor, limit } }) => {
        const before = cursor === undefined ? {} : { before: cursor };
        const rows = await listServiceInstances(catalogue, { limit: limit + 1, ...before });
        const found = page(rows, limit, (row) => row.id);
        return { body: { items: found.rows.map(instanceShape), next: found.next } };
      },
    }),
    jsonRoute({
      method: 'get',
      path: '/api/system/storage',
      summary: 'How much the database and the blob store hold',
      role: 'viewer',
      result: storageSchema,
      handle: async () => {
        const blobs = storage.read();
        const bytes = await databaseBytes(catalogue);
        return {
          body: {
            database: { bytes },
            blobs: blobs === undefined ? null : { ...blobs, measuredAt: blobs.measuredAt.toISOString() },
          },
        };
      },
    }),
  ];
}

function instanceShape({ startedAt, seenAt, stoppedAt, ...row }: ServiceInstanceRow): ServiceInstance {
  return {
    ...row,
    startedAt: startedAt.toISOString(),
    seenAt: seenAt.toISOString(),
    stoppedAt: stoppedAt?.toISOString() ?? null,
  };
}
