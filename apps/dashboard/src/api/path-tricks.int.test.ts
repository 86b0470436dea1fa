import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import path from 'node:path';
import { recordCollected } from '@xvision/catalogue';
import { collectionSchema, imageSummarySchema, pageOf } from '@xvision/contracts';
import { temporaryFolder } from '@xvision/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedCollection, seedRun, startApi, type TestApi } from './test-api.js';
import { getFrom, refused, requestTo, UNKNOWN, uploadTo } from './test-requests.js';

const SECRET = 'what nobody may read';
const THE_PAGE = '<!doctype html><title>Xvision</title>';

let api: TestApi;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let model: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  const webRoot = path.join(folder.path, 'web');
  await mkdir(path.join(webRoot, 'assets'), { recursive: true });
  await writeFile(path.join(folder.path, 'secret.txt'), SECRET);
  await writeFile(path.join(webRoot, '.hidden'), SECRET);
  await writeFile(path.join(webRoot, 'index.html'), THE_PAGE);
  await writeFile(path.join(webRoot, 'assets', 'app.js'), 'the script');
  api = await startApi({ webRoot });
  await writeFile(path.join(api.storeRoot, 'secret.txt'), SECRET);
  await writeFile(path.join(api.storeRoot, '..', 'secret.txt'), SECRET);
  ({ modelId: model } = await seedRun(api, await seedCollection(api)));
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

/** Sends the address as it is: other clients tidy it up before it leaves. */
async function asked(address: string, method = 'GET'): Promise<{ status: number; type: string; text: string }> {
  return await new Promise((resolve, reject) => {
    const { hostname, port } = new URL(api.url);
    request({ hostname, port, path: address, method, headers: { accept: '*/*' } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const type = response.headers['content-type'] ?? '';
        resolve({ status: response.statusCode ?? 0, type, text: Buffer.concat(chunks).toString() });
      });
    })
      .on('error', reject)
      .end();
  });
}

const TRICKS = [
  '../secret.txt',
  '../../secret.txt',
  '..%2fsecret.txt',
  '..%2f..%2fsecret.txt',
  '%2e%2e/secret.txt',
  '%2e%2e%2f%2e%2e%2fsecret.txt',
  '%252e%252e%252fsecret.txt',
  '..%5c..%5csecret.txt',
  '..%c0%af..%c0%afsecret.txt',
  '....//secret.txt',
  'secret.txt',
  'secret.txt%00',
  '%00',
  'app.js%00.png',
  '.hidden',
  '%2fetc%2fpasswd',
  '/etc/passwd',
  'file:%2f%2f%2fetc%2fpasswd',
  'C:%5cWindows%5cwin.ini',
  'a'.repeat(6000),
  '%ff%fe',
  '%',
];

/** What an answer is, for a list of faults. */
const told = (trick: string, { status, type }: { status: number; type: string }) =>
  `${trick.slice(0, 60)}: ${status} ${type}`;

test.each(['/', '/assets/'])(
  'every trick in the files of the page under %s leads to the page or to nothing',
  async (place) => {
    const faults: string[] = [];
    for (const trick of TRICKS) {
      const answer = await asked(place + trick);
      const found = answer.status === 200 && [THE_PAGE, 'the script'].includes(answer.text);
      const refused = [400, 404].includes(answer.status) && answer.type.startsWith('application/problem+json');
      if (!(found || refused) || answer.text.includes(SECRET)) faults.push(told(trick, answer));
    }

    expect(faults).toEqual([]);
    expect((await asked('/assets/app.js')).text).toBe('the script');
  },
);

test.each([
  ['GET', '/api/images/*/original'],
  ['GET', '/api/images/*/thumbnail'],
  ['GET', '/api/images/*/prepared'],
  ['GET', '/api/models/*/file'],
  ['GET', '/api/models/MODEL/exports/*/card.md'],
  ['GET', '/api/runs/*/report.html'],
  ['GET', '/api/datasets/*/members'],
  ['GET', '/api/tasks/*'],
  ['PUT', '/api/uploads/*'],
])('%s %s names a thing, never a file: every trick is refused as a problem document', async (method, address) => {
  const faults: string[] = [];
  for (const trick of TRICKS) {
    const answer = await asked(address.replace('*', trick).replace('MODEL', model), method);
    const refused = [400, 404, 422].includes(answer.status) && answer.type.startsWith('application/problem+json');
    if (!refused || answer.text.includes(SECRET)) faults.push(told(trick, answer));
  }

  expect(faults).toEqual([]);
  expect(api.errors).toEqual([]);
});

test('no trick has left a file that is not named for its own content', async () => {
  const files = await readdir(api.storeRoot, { recursive: true, withFileTypes: true });

  const names = files.filter((one) => one.isFile()).map(({ name }) => name);
  expect(names.filter((name) => !/^[0-9a-f]{64}$/.test(name))).toEqual(['secret.txt']);
});

const NAMES = {
  'a way up': '../../../etc/passwd',
  'an absolute path': '/etc/passwd',
  'a path of Windows': 'C:\\Windows\\win.ini',
  'a quote that ends a header': 'a"; filename="b.html',
  'a line that begins a header': 'line\r\nX-Planted: 1',
  'letters from right to left': '\u202egnp.exe',
  script: '<script>alert(1)</script>.png',
  'a formula': '=HYPERLINK("https://example.org")',
  '1,024 letters': 'x'.repeat(1024),
};

describe('the name that a file came with', () => {
  test.each(Object.entries(NAMES))('%s is told as it is and steers nothing', async (what, file) => {
    const sha256 = await uploadTo(api, Buffer.from(`bytes of ${file}`));
    const request = { source: 'folder', name: what.replaceAll(/\W/g, '-'), records: [{ file, sha256 }] };
    const made = await requestTo(api).post('/api/collections').send(request);
    expect(made.status, made.text).toBe(201);
    const { id } = collectionSchema.parse(made.body);
    const known = { externalId: file, originalSha256: await api.blobs.put(Buffer.from(file)), synthetic: false };
    const about = {
      mediaType: 'image/png' as const,
      byteLength: 9,
      patient: file,
      view: 'frontal' as const,
      labels: {},
    };
    await api.catalogue.transaction((tx) =>
      recordCollected(tx, { collectionId: id, images: [{ ...known, ...about }] }, { source: 'xvision/test' }),
    );

    const [image] = (await getFrom(api, `/api/collections/${id}/images`, pageOf(imageSummarySchema))).items;
    expect(image?.file).toBe(file);
    const { headers } = await requestTo(api).get(`/api/images/${image?.id}/original`);
    expect(headers['content-disposition']).toBe(`inline; filename="${image?.id}-original"`);
    expect(headers).not.toHaveProperty('x-planted');
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff' });
    expect(headers['content-security-policy']).toContain('sandbox');
  });

  test.each([
    ['with NUL in it', 'a\0b.png'],
    ['longer than 1,024 characters', 'x'.repeat(1025)],
    ['empty', ''],
  ])('%s is refused with the field that is wrong', async (_what, file) => {
    const records = [{ file, sha256: 'a'.repeat(64) }];

    const problem = await refused(
      requestTo(api).post('/api/collections').send({ source: 'folder', name: 'odd', records }),
      400,
    );

    expect(problem.detail).toContain('body.records.0.file');
  });

  test('a collection is named in letters, never by a path', async () => {
    const records = [{ file: 'a.png', sha256: 'a'.repeat(64) }];
    for (const name of ['../up', '/etc', 'a/b', 'a\0', 'x'.repeat(121), '']) {
      await refused(requestTo(api).post('/api/collections').send({ source: 'folder', name, records }), 400);
    }
    await refused(requestTo(api).get(`/api/collections/${UNKNOWN}`), 404);
  });
});
