import { pipeline } from 'node:stream/promises';
import { findModelView } from '@xvision/catalogue';
import { z } from 'zod';
import type { ApiDependencies } from './dependencies.js';
import { NotFoundError } from './failures.js';
import { type Route, streamRoute } from './route.js';

export function modelFileRoutes({ catalogue, blobs }: Pick<ApiDependencies, 'catalogue' | 'blobs'>): Route[] {
  return [
    streamRoute({
      method: 'get',
      path: '/api/models/{id}/file',
      summary: 'The weights of the trained head, as safetensors',
      role: 'viewer',
      params: z.object({ id: z.uuid() }),
      reply: { status: 200, description: 'A safetensors file', contentType: 'application/octet-stream' },
      handle: async ({ params: { id }, response }) => {
        const model = await findModelView(catalogue, id);
        if (model === undefined) throw new NotFoundError(`there is no model ${id}`);
        const stream = await blobs.openStream(model.sha256);
        response.set({
          'Content-Type': 'application/octet-stream',
          'Content-Disposition': `attachment; filename="${id}.safetensors"`,
          ETag: `"${model.sha256}"`,
        });
        await pipeline(stream, response);
      },
    }),
  ];
}
