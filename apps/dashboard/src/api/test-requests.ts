import { problemSchema } from '@xvision/contracts';
import supertest from 'supertest';
import { expect } from 'vitest';
import type { z } from 'zod';
import { sha256, type TestApi } from './test-api.js';

/** For this app's own tests: an id that nothing has. */
export const UNKNOWN = '01890000-0000-7000-8000-000000000000';

export const requestTo = ({ app }: TestApi) => supertest(app);

/** Asks, expects 200, and gives the answer as its schema has it. */
export async function getFrom<Schema extends z.ZodType>(
  api: TestApi,
  path: string,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const response = await requestTo(api).get(path);
  expect(response.status, response.text).toBe(200);
  return schema.parse(response.body);
}

/** Expects a refusal with this status, as a problem document. */
export async function refused(request: supertest.Test, status: number): Promise<z.infer<typeof problemSchema>> {
  const response = await request;
  expect(response.status, response.text).toBe(status);
  expect(response.headers['content-type']).toContain('application/problem+json');
  return problemSchema.parse(response.body);
}

export async function uploadTo(api: TestApi, bytes: Buffer): Promise<string> {
  const key = sha256(bytes);
  const response = await requestTo(api)
    .put(`/api/uploads/${key}`)
    .set('content-type', 'application/octet-stream')
    .send(bytes);
  expect(response.status).toBe(201);
  return key;
}
