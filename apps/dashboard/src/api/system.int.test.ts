import { pipelineSchema, systemSchema } from '@xvision/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { seedCollection, seedRun, startApi, type TestApi } from './test-api.js';
import { getFrom } from './test-requests.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
  await seedRun(api, await seedCollection(api));
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

const get = <Schema extends z.ZodType>(path: string, schema: Schema) => getFrom(api, path, schema);

describe('the flow and the system', () => {
  test('the pipeline counts what every stage did and what waits', async () => {
    const pipeline = await get('/api/pipeline', pipelineSchema);

    const stages = Object.fromEntries(pipeline.stages.map((one) => [one.stage, one]));
    expect(stages['prepare']).toMatchObject({ done: 5, waiting: 0, failed: 1, oldestWaitingAt: null });
    expect(stages['extract']).toMatchObject({ done: 5, waiting: 0 });
    expect(stages['train']?.done).toBe(1);
    expect(pipeline.outbox.unpublished).toBeGreaterThan(0);
    expect(pipeline).toMatchObject({ consumers: null, synthetic: true, models: 1 });
  });

  test('the system names versions, engines and who is connected', async () => {
    const system = await get('/api/system', systemSchema);

    expect(system).toMatchObject({ version: '0.1.0', nats: null, authentication: 'none' });
    expect(system.engines).toMatchObject([{ engine: 'onnx-cpu', trained: false, features: 5 }]);
    expect(system.services.map((one) => one.name)).toContain('xvision/dashboard');
  });
});
