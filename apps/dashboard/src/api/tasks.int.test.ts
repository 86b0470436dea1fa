import { taskPreviewSchema } from '@xvision/contracts';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedCollection, seedRun, settings, startApi, type TestApi } from './test-api.js';

let api: TestApi;
let images: Awaited<ReturnType<typeof seedCollection>>['images'];
let dataset: string;
beforeAll(async () => {
  api = await startApi();
  const collection = await seedCollection(api);
  images = collection.images;
  dataset = (await seedRun(api, collection)).dataset;
});
afterAll(() => api[Symbol.asyncDispose]());

const { task } = settings;
const preview = (body: object) => supertest(api.app).post('/api/tasks/preview').send(body);
const save = (name: string, body: object) => supertest(api.app).put(`/api/tasks/${name}`).send(body);

describe('a preview of a label rule', () => {
  test('counts the images of every class, with examples, and the rejected and other views apart', async () => {
    const response = await preview({ task: { ...task, views: ['frontal'] } });

    expect(response.status, response.text).toBe(200);
    // Six images: one is rejected, one is lateral; of the others two are normal and two are nodules.
    expect(taskPreviewSchema.parse(response.body)).toEqual({
      images: 5,
      otherViews: 1,
      unlabelled: { images: 0, examples: [] },
      classes: [
        { name: 'normal', images: 2, examples: expect.arrayContaining([images[0]?.id, images[2]?.id]) },
        { name: 'nodule', images: 2, examples: expect.arrayContaining([images[1]?.id, images[3]?.id]) },
      ],
      changes: [],
    });
  });

  test('shows no image that is not prepared yet: there is no picture of it', async () => {
    const [first] = images;
    const where = { imageId: first?.id ?? '' };
    const prepared = await api.catalogue.prisma.preparedImage.findMany({ where });
    await api.catalogue.prisma.preparedImage.deleteMany({ where });

    const response = await preview({ task: { ...task, views: ['frontal'] } });

    const [normal] = taskPreviewSchema.parse(response.body).classes;
    expect(normal).toMatchObject({ images: 2, examples: [images[2]?.id] });
    await api.catalogue.prisma.preparedImage.createMany({ data: prepared as never });
  });

  test('tells whose labels change against the saved rule', async () => {
    const [normal] = task.classes;
    const other = { ...task, classes: [normal, { name: 'mass', rule: { kind: 'label-only' } }] };

    const { body } = await preview({ task: other, against: task });

    expect(taskPreviewSchema.parse(body).changes).toEqual([
      { from: 'nodule', to: null, images: 2, examples: expect.arrayContaining([images[1]?.id, images[3]?.id]) },
    ]);
  });
});

describe('saving a task', () => {
  test('keeps every version, the same rule once, and leaves a frozen dataset as it is', async () => {
    await save('nodule', task);
    await save('nodule', task);
    const changed = { ...task, views: ['frontal'] };

    const response = await save('nodule', changed);

    expect(response.status, response.text).toBe(200);
    expect(response.body).toMatchObject({
      task: { views: ['frontal'] },
      preset: true,
      versions: [
        { version: 2, savedBy: 'loopback', task: { views: ['frontal'] } },
        { version: 1, task: { views: task.views } },
      ],
      datasets: [{ sha256: dataset, images: 5, patients: 5, leaks: [] }],
    });
    const frozen = await api.catalogue.prisma.dataset.findUniqueOrThrow({ where: { sha256: dataset } });
    expect(frozen.task).toEqual(task);
    const { body } = await supertest(api.app).get('/api/tasks');
    expect(body.items.find((one: { name: string }) => one.name === 'nodule')).toMatchObject({ views: ['frontal'] });
  });

  test('over what somebody saved meanwhile is refused, and keeps nothing; over what was seen it goes on', async () => {
    const named = { ...task, name: 'shared' };
    const saveAfter = (after: number, views: string[]) =>
      supertest(api.app)
        .put(`/api/tasks/shared?after=${after}`)
        .send({ ...named, views });
    expect((await saveAfter(0, ['frontal'])).status).toBe(200);

    const late = await saveAfter(0, ['lateral']);
    const informed = await saveAfter(1, ['lateral']);

    expect(late.status).toBe(409);
    expect(late.body.detail).toContain('loopback saved version 1 of the task shared meanwhile');
    expect(informed.body).toMatchObject({ versions: [{ version: 2 }, { version: 1 }], task: { views: ['lateral'] } });
  });

  test('two who save at once over the same version: one is kept, the other is told', async () => {
    const named = { ...task, name: 'raced' };
    const both = await Promise.all(
      [['frontal'], ['lateral']].map((views) =>
        supertest(api.app)
          .put('/api/tasks/raced?after=0')
          .send({ ...named, views }),
      ),
    );

    expect(both.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 409]);
  });

  test('a name that is not the address, and a task that is not there, are refused', async () => {
    expect((await save('other', task)).status).toBe(422);
    expect((await supertest(api.app).get('/api/tasks/nothing')).status).toBe(404);
    expect((await supertest(api.app).get('/api/tasks/constructor')).status).toBe(404);
  });
});
