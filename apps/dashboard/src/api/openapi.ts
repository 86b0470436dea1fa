import { problemSchema } from '@xvision/contracts';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import type { Route } from './route.js';

const problem = {
  description: 'RFC 9457: what is wrong and what to do next',
  content: { 'application/problem+json': { schema: problemSchema } },
};

const tooMany = {
  description: 'Asked too often: Retry-After says in how many seconds to go on',
  headers: { 'Retry-After': { required: true, description: 'Seconds', schema: { type: 'integer' as const } } },
  content: problem.content,
};

/** OpenAPI 3.1 from the schemas that the routes themselves parse with. */
export function openApiDocument(routes: readonly Route[], version: string): object {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method]: operation(route) };
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Xvision',
      version,
      description: 'Chest-radiograph transfer learning. Research use only; not a medical device.',
    },
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'Not needed where the server listens on loopback only' },
      },
    },
  });
}

function operation(route: Route): ZodOpenApiOperationObject {
  const { params, query, body, reply } = route;
  const responses = Object.fromEntries(
    Object.entries(route.alsoReplies ?? {}).map(([status, description]) => [
      status,
      reply.schema === undefined ? { description } : { description, content: contentOf(route) },
    ]),
  );
  return {
    summary: route.summary,
    operationId: `${route.method}${route.path.replaceAll(/[^a-zA-Z0-9]+(.)?/g, (_all, next: string = '') => next.toUpperCase())}`,
    ...(route.role === 'anyone' ? {} : { security: [{}, { token: [route.role] }] }),
    requestParams: { ...(params === undefined ? {} : { path: params }), ...(query === undefined ? {} : { query }) },
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    ...(route.method === 'put' && body === undefined
      ? { requestBody: { required: true, content: { 'application/octet-stream': {} } } }
      : {}),
    responses: {
      ...responses,
      [reply.status]: { description: reply.description, content: contentOf(route) },
      429: tooMany,
      default: problem,
    },
  };
}

function contentOf({ reply }: Route) {
  return { [reply.contentType]: reply.schema === undefined ? {} : { schema: reply.schema } };
}
