import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { collectionSchema } from '@xvision/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shared, startTestStack, type TestStack } from './test-stack.js';
import { type Finished, xvision, xvisionJson } from './xvision.js';

const data = (...parts: string[]) => path.join(shared ?? '', 'data', ...parts);

describe.skipIf(shared === undefined)('bad input', () => {
  let stack: TestStack;
  let before: unknown;

  const catalogue = () =>
    stack.query(
      'SELECT (SELECT count(*) FROM image) AS images, (SELECT count(*) FROM feature) AS features, (SELECT count(*) FROM model) AS models',
    );

  /** A folder with a few real images and a labels file as given. */
  const folderWith = async (name: string, labels: string): Promise<string[]> => {
    const folder = path.join(stack.folder, name);
    await mkdir(folder, { recursive: true });
    for (const file of ['JPCLN001.png', 'JPCLN002.png', 'JPCNN001.png', 'JPCNN002.png']) {
      await copyFile(data('jsrt128', 'images', file), path.join(folder, file));
    }
    await writeFile(path.join(folder, 'labels.csv'), labels);
    return ['--path', folder, '--labels', path.join(folder, 'labels.csv')];
  };

  const run = (given: readonly string[]): Promise<Finished> =>
    xvision(['run', '--source', 'folder', ...given, '--task', 'nodule', '--json'], stack);

  beforeAll(async () => {
    stack = await startTestStack();
    await xvisionJson(
      [
        'collect',
        'folder',
        ...(await folderWith('good', 'file,label\nJPCLN001.png,nodule\nJPCNN001.png,normal\n')).filter(
          (_, index) => index !== 0,
        ),
      ],
      stack,
    );
    before = await catalogue();
  });
  afterAll(() => stack?.[Symbol.asyncDispose]());

  test.each([
    ['a file that is not there', 'file,label\nJPCLN001.png,nodule\ngone.png,normal\n', 'line 3: gone.png'],
    [
      'a file named twice',
      'file,label\nJPCLN001.png,nodule\nJPCLN001.png,normal\n',
      'line 3: JPCLN001.png was named before, on line 2',
    ],
    ['a finding column with words in it', 'file,nodule\nJPCLN001.png,maybe\n', 'only 1, 0 or nothing'],
    ['a label outside the task', 'file,label\nJPCLN001.png,nodule\nJPCNN001.png,healthy\n', 'JPCNN001.png: "healthy"'],
  ])('a labels file with %s is refused with its line, and nothing is collected', async (name, labels, message) => {
    const { code, stdout, stderr } = await run(await folderWith(name.replaceAll(' ', '-'), labels));

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(message);
    expect(await catalogue()).toEqual(before);
  });

  test('an empty folder is refused', async () => {
    const empty = path.join(stack.folder, 'empty');
    await mkdir(empty, { recursive: true });

    const { code, stderr } = await run(['--path', empty]);

    expect(code).toBe(1);
    expect(stderr).toContain(`there is no PNG, JPEG or DICOM file in ${empty}`);
  });

  test('a class with one patient cannot be split by patient, and the run says so', async () => {
    const labels =
      'file,label,patient\nJPCLN001.png,nodule,A\nJPCLN002.png,nodule,A\nJPCNN001.png,normal,B\nJPCNN002.png,normal,C\n';
    const models = await stack.query('SELECT count(*) FROM model');

    const { code, stdout, stderr } = await run(await folderWith('one-patient', labels));

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/too few patients for this split.*nodule: 1/);
    expect(await stack.query('SELECT count(*) FROM model')).toEqual(models);
  });

  test('a task that no image belongs to is refused', async () => {
    const { code, stderr } = await xvision(['train', '--task', 'cardiomegaly'], stack);

    expect(code).toBe(1);
    expect(stderr).toMatch(/cardiomegaly/);
  });

  test('every odd file is decoded or rejected with its reason, and no service falls', async () => {
    const manifest = await readFile(data('odd', 'manifest.csv'), 'utf8');
    const rows = manifest.trim().split(/\r?\n/).slice(1);
    const collection = collectionSchema.parse(await xvisionJson(['collect', 'folder', data('odd', 'derived')], stack));

    const outcomes = await stack.query<{ file: string; reason: string | null; message: string | null }>(
      'SELECT i.external_id AS file, r.reason, r.message FROM image i LEFT JOIN image_rejection r ON r.image_id = i.id WHERE i.collection_id = $1',
      [collection.id],
    );

    expect(collection.settled).toBe(true);
    expect(collection.counts.prepared + collection.counts.rejected).toBe(outcomes.length);
    for (const { file, reason, message } of outcomes) {
      const expectation = rows.find((row) => row.startsWith(`derived/${file},`)) ?? '';
      if (expectation.includes('must be rejected')) expect(reason, file).not.toBeNull();
      if (reason !== null) expect(message, file).toMatch(/\w+ \w+/);
    }
    for (const name of ['scraper', 'preprocessor', 'extractor'] as const)
      expect(stack.stack.service(name).restarts, name).toBe(0);
  });

  test('a file is what its bytes are, whatever its name says, and a name full of markup stays that name', async () => {
    const folder = path.join(stack.folder, 'misnamed');
    await mkdir(folder, { recursive: true });
    const put = async (name: string, from: string | Buffer) =>
      await writeFile(path.join(folder, name), typeof from === 'string' ? await readFile(data(from)) : from);
    await put('a-png.dcm', 'jsrt128/images/JPCNN003.png');
    await put('a-dicom.png', 'dicom/files/CR-MONO1-10-chest.dcm');
    await put('a-jpeg.png', 'odd/derived/progressive.jpg');
    await put('a-text.png', Buffer.from('file,label\n'));
    await put('a-zip.dcm', Buffer.from('PK\x03\x04 and more', 'latin1'));
    await put('=1+1 <img src=x onerror=alert(1)>.png', 'jsrt128/images/JPCNN004.png');

    const { id } = collectionSchema.parse(await xvisionJson(['collect', 'folder', folder], stack));

    const told = await stack.query<{ file: string; is: string }>(
      `SELECT i.external_id AS file, coalesce(r.message, i.media_type) AS is
       FROM image i LEFT JOIN image_rejection r ON r.image_id = i.id WHERE i.collection_id = $1`,
      [id],
    );
    expect(Object.fromEntries(told.map(({ file, is }) => [file, is]))).toEqual({
      'a-png.dcm': 'image/png',
      'a-dicom.png': 'application/dicom',
      'a-jpeg.png': 'image/jpeg',
      'a-text.png': expect.stringContaining('plain text, not a PNG, JPEG or DICOM'),
      'a-zip.dcm': expect.stringContaining('a ZIP archive, not a PNG, JPEG or DICOM'),
      '=1+1 <img src=x onerror=alert(1)>.png': 'image/png',
    });
  });
});

describe.skipIf(shared === undefined)('weights', () => {
  test('a file that is not VGG16 stops the command before anything is started, and says what it is', async () => {
    await using stack = await startTestStack({ services: [] });
    const wrong = path.join(stack.folder, 'wrong.h5');
    await writeFile(wrong, 'no weights at all');

    const { code, stderr } = await xvision(['train', '--task', 'nodule'], {
      environment: { XVISION_HOME: path.join(stack.folder, 'other'), XVISION_WEIGHTS: wrong },
    });

    expect(code).toBe(1);
    expect(stderr).toContain('wrong.h5');
    expect(stderr).toContain('--untrained-backbone');
  });
});
