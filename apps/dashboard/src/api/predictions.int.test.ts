import { predictionJobSchema } from '@xvision/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { seedCollection, seedRun, startApi, type TestApi } from './test-api.js';
import { getFrom, refused, requestTo, UNKNOWN } from './test-requests.js';

let api: TestApi;
let collection: Awaited<ReturnType<typeof seedCollection>>;
let run: Awaited<ReturnType<typeof seedRun>>;
beforeAll(async () => {
  api = await startApi();
  collection = await seedCollection(api);
  run = await seedRun(api, collection);
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

const http = () => requestTo(api);
const get = <Schema extends z.ZodType>(path: string, schema: Schema) => getFrom(api, path, schema);

describe('predictions', () => {
  test('a model asked twice about the same files is asked once', async () => {
    const body = { modelId: run.modelId, collectionId: collection.id };
    const first = await http().post('/api/predictions').send(body);
    const second = await http().post('/api/predictions').send(body);

    expect([first.status, second.status]).toEqual([201, 200]);
    expect(first.body).toEqual(second.body);
    expect(predictionJobSchema.parse(first.body)).toMatchObject({ state: 'waiting', predictions: [] });
  });

  test('a file has a probability per class, or a reason', async () => {
    const asked = await http().post('/api/predictions').send({ modelId: run.modelId, collectionId: collection.id });
    const { id: jobId } = predictionJobSchema.parse(asked.body);
    await api.catalogue.prisma.prediction.create({
      data: { jobId, imageId: collection.images[0]?.id ?? '', probabilities: [0.9, 0.1] },
    });
    await api.catalogue.prisma.$executeRaw`
      INSERT INTO prediction (job_id, image_id, abstained, reason)
      VALUES (${jobId}::uuid, ${collection.images[5]?.id}::uuid, 'truncated', 'unfit')`;

    const job = await get(`/api/predictions/${jobId}`, predictionJobSchema);

    expect(job.predictions).toEqual([
      {
        file: 'patient-0.png',
        probabilities: { normal: 0.9, nodule: 0.1 },
        uncalibrated: { normal: 0.9, nodule: 0.1 },
        decision: null,
        novelty: null,
        caution: null,
      },
      { file: 'patient-5.png', abstained: 'truncated', reason: 'unfit' },
    ]);
  });

  test('an unknown model is refused by name', async () => {
    const body = { modelId: UNKNOWN, collectionId: collection.id };

    expect((await refused(http().post('/api/predictions').send(body), 422)).detail).toContain(`no model ${UNKNOWN}`);
  });
});
