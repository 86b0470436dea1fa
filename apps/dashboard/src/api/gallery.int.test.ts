import { findsFew, listImageViews } from '@xvision/catalogue';
import {
  imageCountSchema,
  imageFacetsSchema,
  imageNeighboursSchema,
  imageSummarySchema,
  pageOf,
} from '@xvision/contracts';
import { encodeGrey } from '@xvision/imaging';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { seedCollection, seedRun, startApi, type TestApi } from './test-api.js';
import { getFrom, requestTo } from './test-requests.js';

let api: TestApi;
let images: Awaited<ReturnType<typeof seedCollection>>['images'];
let run: string;
beforeAll(async () => {
  api = await startApi();
  const collection = await seedCollection(api);
  images = collection.images;
  run = (await seedRun(api, collection)).runId;
  const { prisma } = api.catalogue;
  await prisma.image.update({ where: { id: idOf(0) }, data: { licence: 'CC BY', report: 'No pleural effusion.' } });
  await prisma.image.update({ where: { id: idOf(1) }, data: { report: 'A nodule; <script>alert(1)</script>' } });
  await prisma.image.update({ where: { id: idOf(3) }, data: { labels: { mesh: ['Lung/hyperdistention'] } } });
  await prisma.preparedImage.update({ where: { imageId: idOf(2) }, data: { quality: { enlarged: true } } });
  await prisma.preparedImage.update({ where: { imageId: idOf(1) }, data: { quality: { blackFraction: 0.7 } } });
  await prisma.$executeRaw`UPDATE test_score SET probabilities = ARRAY[0.9, 0.1] WHERE image_id = ${idOf(0)}::uuid`;
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

const idOf = (n: number) => images[n]?.id ?? '';
const http = () => requestTo(api);
const numbered = (file: string) => Number(/\d+/.exec(file)?.[0]);

const get = <Schema extends z.ZodType>(path: string, schema: Schema) => getFrom(api, path, schema);

const found = async (query: string) =>
  (await get(`/api/images?${query}`, pageOf(imageSummarySchema))).items.map(({ file }) => numbered(file));

describe('a gallery', () => {
  test.each([
    ['licence=CC%20BY', [0]],
    ['quality=enlarged', [2]],
    ['quality=black', [1]],
    ['quality=plain', [0, 3, 4]],
    ['search=EFFUS', [0]],
    ['search=no%20effusion', [0]],
    ['search=patient%203', [3]],
    ['search=script', [1]],
    ['search=%27%3B--%20%26%20%7C%20!', []],
    ['label=LUNG/hyperdistention', [3]],
    ['sort=-collected', [5, 4, 3, 2, 1, 0]],
    ['sort=-file', [5, 4, 3, 2, 1, 0]],
    ['search=%F0%9F%AB%81', []],
  ])('%s finds exactly those images in that order', async (query, expected) => {
    expect(await found(query)).toEqual(expected);
  });

  test.each([
    ['predicted=nodule', [1]],
    ['sort=-probability', [1, 3, 2, 0]],
    ['sort=uncertainty', [0, 1, 2, 3]],
    ['leastUncertainty=0.2', [1, 2, 3]],
    ['mostUncertainty=0.2', [0]],
    ['sort=probability&outcome=correct', [0, 2, 1]],
  ])('through a run, %s finds exactly those images in that order', async (query, expected) => {
    expect(await found(`run=${run}&${query}`)).toEqual(expected);
  });

  test('a search finds the same whether it finds few or the list is walked', async () => {
    const found = async (few: boolean) =>
      (await listImageViews(api.catalogue, { search: 'patient', few }, { limit: 50 })).map(({ id }) => id);

    expect(await found(true)).toEqual(images.map(({ id }) => id));
    expect(await found(false)).toEqual(images.map(({ id }) => id));
    expect(await findsFew(api.catalogue, 'patient', images.length)).toBe(true);
    expect(await findsFew(api.catalogue, 'patient', images.length - 1)).toBe(false);
  });

  test('an id is found from its beginning and whole', async () => {
    expect(await found(`search=${idOf(2)}`)).toEqual([2]);
    expect(await found(`search=${idOf(2).slice(0, 35)}&collection=00000000-0000-4000-8000-000000000000`)).toEqual([]);
  });

  test.each(['collected', '-collected', 'file', '-file', 'probability', '-probability', 'uncertainty', '-uncertainty'])(
    'in the order %s its pages give every image once, whatever their length',
    async (sort) => {
      const whole = await found(`run=${run}&sort=${sort}`);
      const paged: number[] = [];
      for (let cursor: string | null = ''; cursor !== null; ) {
        const next: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
        const page: z.infer<ReturnType<typeof pageOf<typeof imageSummarySchema>>> = await get(
          `/api/images?run=${run}&sort=${sort}&limit=1${next}`,
          pageOf(imageSummarySchema),
        );
        paged.push(...page.items.map(({ file }) => numbered(file)));
        cursor = page.next;
      }

      expect(paged).toEqual(whole);
      expect(whole.length).toBeGreaterThan(3);
    },
  );

  test.each([
    'sort=probability',
    'outcome=wrong',
    'leastUncertainty=0.1',
    'sort=file&cursor=nonsense',
    `sort=file&cursor=${Buffer.from('["-file","a","01890000-0000-7000-8000-000000000000"]').toString('base64url')}`,
    `sort=file&cursor=${Buffer.from('["file",1,"01890000-0000-7000-8000-000000000000"]').toString('base64url')}`,
    `sort=file&cursor=${Buffer.from('["file","\\u0000","01890000-0000-7000-8000-000000000000"]').toString('base64url')}`,
    'cursor=nonsense',
    'sort=size',
    'quality=fine',
  ])('%s is refused in words', async (query) => {
    expect((await http().get(`/api/images?${query}`)).status).toBe(400);
  });

  test('its images are counted under every filter', async () => {
    expect(await get('/api/images/count', imageCountSchema)).toEqual({ count: 6, exact: true });
    expect(await get('/api/images/count?quality=plain', imageCountSchema)).toEqual({ count: 3, exact: true });
    expect(await get(`/api/images/count?run=${run}&sort=probability`, imageCountSchema)).toMatchObject({ count: 4 });
  });

  test('there are licences and labels to choose from', async () => {
    expect(await get('/api/images/facets', imageFacetsSchema)).toEqual({
      licences: ['CC BY'],
      labels: ['normal', 'nodule', 'lung/hyperdistention'],
    });
  });

  test('an image knows what stands before and after it, also in another order and under a filter', async () => {
    const around = (n: number, query: string) =>
      get(`/api/images/${idOf(n)}/neighbours?${query}`, imageNeighboursSchema);

    expect(await around(2, '')).toEqual({ previous: idOf(1), next: idOf(3) });
    expect(await around(0, '')).toEqual({ previous: null, next: idOf(1) });
    expect(await around(2, `run=${run}&sort=-probability`)).toEqual({ previous: idOf(3), next: idOf(0) });
    expect(await around(1, `run=${run}&outcome=wrong`)).toEqual({ previous: null, next: null });
  });
});

describe('the mean of what the repeats said', () => {
  test('follows the scores when they come, change and go', async () => {
    const { prisma } = api.catalogue;
    const where = { imageId: idOf(3) };
    const [score] = await prisma.testScore.findMany({ where });
    const mean = async () => (await prisma.meanScore.findMany({ where }))[0];

    expect(await mean()).toMatchObject({ probabilities: [0.75, 0.25], predicted: 0, correct: false });
    await prisma.testScore.create({
      data: { modelId: score?.modelId ?? '', imageId: idOf(3), repeat: 1, fold: 0, label: 1, probabilities: [0, 1] },
    });
    expect(await mean()).toMatchObject({ probabilities: [0.375, 0.625], predicted: 1, correct: true });
    await prisma.testScore.deleteMany({ where: { ...where, repeat: 1 } });
    expect(await mean()).toMatchObject({ probabilities: [0.75, 0.25], lastProbability: 0.25, uncertainty: 0.25 });
  });
});

describe('a thumbnail', () => {
  test('is made once however many ask at once, and may then be kept for ever', async () => {
    const png = await encodeGrey(
      Uint8Array.from({ length: 224 * 224 }, (_, n) => n % 251),
      { width: 224, height: 224 },
    );
    const prepared = await api.blobs.put(png);
    await api.catalogue.prisma.preparedImage.update({
      where: { imageId: idOf(0) },
      data: { preparedSha256: prepared },
    });
    const address = `/api/images/${idOf(0)}/thumbnail?sha256=${prepared}`;

    const answers = await Promise.all([1, 2, 3].map(() => http().get(address)));
    const again = await http()
      .get(address)
      .set('If-None-Match', answers[0]?.headers['etag'] ?? '');

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(answers[0]?.headers).toMatchObject({ 'content-type': 'image/webp' });
    expect(answers[0]?.headers['cache-control']).toContain('immutable');
    expect(new Set(answers.map(({ headers }) => headers['etag'])).size).toBe(1);
    expect(again.status).toBe(304);
    expect(await api.catalogue.prisma.thumbnail.count()).toBe(1);
  });

  test('of bytes that are no picture is refused in words, and of an unprepared image absent', async () => {
    expect((await http().get(`/api/images/${idOf(1)}/thumbnail`)).status).toBe(422);
    expect((await http().get(`/api/images/${idOf(5)}/thumbnail`)).status).toBe(404);
  });
});

describe('a part of a file', () => {
  const original = () => `/api/images/${idOf(2)}/original`;
  const part = (range: string) => http().get(original()).set('Range', range).buffer().responseType('blob');

  test.each([
    ['bytes=0-7', 'original', 'bytes 0-7/22'],
    ['bytes=-1', '2', 'bytes 21-21/22'],
    ['bytes=9-', 'radiographs 2', 'bytes 9-21/22'],
  ])('%s is sent alone', async (range, text, contentRange) => {
    const answer = await part(range);

    expect(answer.status).toBe(206);
    expect((answer.body as Buffer).toString()).toBe(text);
    expect(answer.headers).toMatchObject({ 'content-range': contentRange, 'content-length': String(text.length) });
  });

  test('behind the end is refused with the length', async () => {
    const answer = await part('bytes=22-');

    expect(answer.status).toBe(416);
    expect(answer.headers['content-range']).toBe('bytes */22');
  });

  test.each(['bytes=0-1,4-5', 'lines=1-2', 'nonsense'])('%s is answered with the whole', async (range) => {
    const answer = await part(range);

    expect(answer.status).toBe(200);
    expect(answer.headers['content-length']).toBe('22');
  });

  test('of another version is answered with the whole', async () => {
    expect((await part('bytes=0-1').set('If-Range', '"other"')).status).toBe(200);
  });
});
