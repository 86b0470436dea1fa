import { insertRun } from '@xvision/catalogue';
import { problemSchema, runComparisonSchema } from '@xvision/contracts';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedCollection, seedRun, settings, startApi, type TestApi } from './test-api.js';

let api: TestApi;
let collection: Awaited<ReturnType<typeof seedCollection>>;
let run: Awaited<ReturnType<typeof seedRun>>;
beforeAll(async () => {
  api = await startApi();
  collection = await seedCollection(api);
  run = await seedRun(api, collection);
});
afterAll(() => api[Symbol.asyncDispose]());

const compare = (first: string, second: string) => supertest(api.app).get(`/api/runs/${first}/comparison/${second}`);

async function refused(first: string, second: string, status: number): Promise<string> {
  const response = await compare(first, second);
  expect(response.status, response.text).toBe(status);
  return problemSchema.parse(response.body).detail;
}

describe('comparing two runs', () => {
  test('pairs their scores image by image and says what four images cannot support', async () => {
    const better = await seedRun(api, collection);
    const imageId = collection.images[3]?.id ?? '';
    await api.catalogue.prisma.testScore.updateMany({
      where: { modelId: better.modelId, imageId },
      data: { probabilities: [0.25, 0.75] },
    });

    const response = await compare(run.runId, better.runId);

    expect(response.status, response.text).toBe(200);
    const found = runComparisonSchema.parse(response.body);
    expect(found).toMatchObject({
      first: { run: run.runId, head: 'seed-ensemble', tested: 4, synthetic: true, untrainedBackbone: true },
      second: { run: better.runId },
      images: 4,
      patients: 4,
      auc: { first: { value: 0.75 }, second: { value: 1 }, difference: { value: -0.25 } },
      accuracy: { first: { value: 0.75 }, second: { value: 1 }, difference: { value: -0.25 } },
      delong: { difference: -0.25 },
      mcNemar: { firstRightSecondWrong: 0, firstWrongSecondRight: 1, p: 1 },
    });
    // Half the squared distance: .75 squared where wrong, .25 squared where right.
    expect(found.brier.difference.value).toBeCloseTo((0.75 ** 2 - 0.25 ** 2) / 4, 12);
    expect(found.sentence).toContain('cannot tell the two apart');
    expect(found.notice).toContain('Research use only');
  });

  test('compares only the images that both tested, and says how many each tested', async () => {
    const shorter = await seedRun(api, collection);
    const imageId = collection.images[0]?.id ?? '';
    await api.catalogue.prisma.testScore.deleteMany({ where: { modelId: shorter.modelId, imageId } });

    const { body } = await compare(run.runId, shorter.runId);

    expect(body).toMatchObject({ images: 3, first: { tested: 4 }, second: { tested: 3 } });
  });

  test('runs that tested other images are refused', async () => {
    const elsewhere = await seedRun(api, await seedCollection(api, { name: 'others' }));

    expect(await refused(run.runId, elsewhere.runId, 422)).toContain('share no image that both tested');
  });

  test('runs with other classes are refused with both lists', async () => {
    const other = await seedRun(api, collection);
    const [normal] = settings.task.classes;
    const task = { ...settings.task, classes: [normal, { name: 'effusion', rule: { kind: 'label-only' } }] };
    await api.catalogue.prisma.$executeRaw`
      UPDATE dataset SET task = ${JSON.stringify(task)}::jsonb WHERE sha256 = ${other.dataset}`;

    expect(await refused(run.runId, other.runId, 422)).toContain('normal, nodule against normal, effusion');
  });

  test('a run that is not there, or has tested nothing yet, is named', async () => {
    const waiting = await api.catalogue.transaction((tx) =>
      insertRun(tx, { ...settings, collections: [collection.id] }),
    );
    const nobody = '01890000-0000-7000-8000-000000000000';

    expect(await refused(run.runId, nobody, 404)).toContain(nobody);
    expect(await refused(waiting, run.runId, 409)).toContain(`run ${waiting} is waiting`);
  });
});
