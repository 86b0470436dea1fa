import { missingUploadsRequestSchema, missingUploadsSchema, sha256Schema, uploadSchema } from '@xvision/contracts';
import { z } from 'zod';
import type { ApiDependencies } from './dependencies.js';
import { jsonRoute, type Route, streamRoute } from './route.js';

type Stores = Pick<ApiDependencies, 'blobs' | 'quarantine' | 'maxUploadBytes'>;

const AT_ONCE = 32;

/** Files come in under their sha256 and stay in quarantine until the scraper has checked and catalogued them. */
export function uploadRoutes(stores: Stores): Route[] {
  return [
    streamRoute({
      method: 'put',
      path: '/api/uploads/{sha256}',
      summary: 'Upload a file; its bytes must hash to the sha256 in the path',
      role: 'operator',
      params: z.object({ sha256: sha256Schema }),
      reply: { status: 201, description: 'Kept', contentType: 'application/json', schema: uploadSchema },
      alsoReplies: { 200: 'It was there already' },
      handle: async ({ params, request, response }) => {
        const { sha256 } = params;
        const known = await stores.quarantine.has(sha256);
        const limits = { maxBytes: stores.maxUploadBytes, expectedSha256: sha256 };
        const stored = await stores.quarantine.putStream(request, limits);
        response.status(known ? 200 : 201).json(stored);
      },
    }),
    jsonRoute({
      method: 'post',
      path: '/api/uploads/missing',
      summary: 'Which of these files must be uploaded before they can be collected',
      role: 'viewer',
      body: missingUploadsRequestSchema,
      bodyLimit: 10_000_000,
      result: missingUploadsSchema,
      handle: async ({ body }) => ({ body: { missing: await missingUploads(stores, body.sha256) } }),
    }),
  ];
}

/** What is neither in quarantine nor, from an earlier collection, in the store. Each sha256 once, in the order given. */
export async function missingUploads(
  { blobs, quarantine }: Pick<Stores, 'blobs' | 'quarantine'>,
  sha256: readonly string[],
): Promise<string[]> {
  const distinct = [...new Set(sha256)];
  const missing: string[] = [];
  for (let start = 0; start < distinct.length; start += AT_ONCE) {
    const some = distinct.slice(start, start + AT_ONCE);
    const present = await Promise.all(some.map(async (one) => (await quarantine.has(one)) || (await blobs.has(one))));
    missing.push(...some.filter((_one, index) => present[index] !== true));
  }
  return missing;
}
