import { pipelineSchema } from '@xvision/contracts';
import type { ApiDependencies } from './dependencies.js';
import { jsonRoute, type Route, streamRoute } from './route.js';
import { openEventStream } from './server-sent-events.js';

export function pipelineRoutes({ pipeline, stopping }: Pick<ApiDependencies, 'pipeline' | 'stopping'>): Route[] {
  return [
    jsonRoute({
      method: 'get',
      path: '/api/pipeline',
      summary: 'The whole flow now: what each stage has done and what waits, lag per consumer, dead letters',
      role: 'viewer',
      result: pipelineSchema,
      handle: async () => ({ body: await pipeline.read() }),
    }),
    streamRoute({
      method: 'get',
      path: '/api/pipeline/stream',
      summary: 'The same, now and within a second after each change',
      role: 'viewer',
      reply: { status: 200, description: 'Server-sent events', contentType: 'text/event-stream' },
      handle: async ({ request, response }) => {
        const stream = openEventStream(request, response, stopping);
        const unfollow = pipeline.follow((state) => stream.send({ data: state }));
        if (stream.closed.aborted) unfollow();
        else stream.closed.addEventListener('abort', unfollow);
      },
    }),
  ];
}
