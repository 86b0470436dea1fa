import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type RunReport, runReportSchema } from '@xvision/contracts';
import { float32Of, openSession, tensor } from '@xvision/engines';
import { prepareImage, readPrepared } from '@xvision/imaging';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shared, startTestStack, type TestStack } from './test-stack.js';
import { xvision, xvisionJson } from './xvision.js';

interface LeakReport {
  readonly leaks: readonly { kind: string; first: { file: string }; second: { file: string } }[];
}

/** Eight patients of each class, and of two more patients a recompressed copy and a mirror image of one of them. */
async function aFolderWithCopies(folder: string): Promise<string> {
  const images = path.join(shared ?? '', 'data', 'jsrt128', 'images');
  const names = (await readdir(images)).sort();
  const normal = names.filter((name) => name.startsWith('JPCNN')).slice(0, 8);
  const nodule = names.filter((name) => name.startsWith('JPCLN')).slice(0, 8);
  await mkdir(folder);
  for (const name of [...normal, ...nodule]) await copyFile(path.join(images, name), path.join(folder, name));
  const twin = sharp(path.join(images, normal[0] ?? ''));
  await writeFile(path.join(folder, 'copy.jpg'), await twin.clone().jpeg({ quality: 80 }).toBuffer());
  await writeFile(path.join(folder, 'mirror.png'), await twin.clone().flop().png().toBuffer());
  const rows = [
    ...normal.map((name) => `${name},normal,${name}`),
    ...nodule.map((name) => `${name},nodule,${name}`),
    'copy.jpg,normal,someone else',
    'mirror.png,normal,yet another',
  ];
  const labels = path.join(path.dirname(folder), 'labels.csv');
  await writeFile(labels, ['file,label,patient', ...rows].join('\n'));
  return labels;
}

describe.skipIf(shared === undefined)('a run that is proven, checked for leaks and exported', () => {
  let stack: TestStack;
  let report: RunReport;
  let folder: string;

  beforeAll(async () => {
    stack = await startTestStack();
    folder = path.join(stack.folder, 'images');
    const labels = await aFolderWithCopies(folder);
    const given = ['run', '--source', 'folder', '--path', folder, '--labels', labels, '--task', 'nodule'];
    report = runReportSchema.parse(
      await xvisionJson([...given, '--head', 'seed-mlp', '--cv', '2', '--allow-leaks'], stack),
    );
  });
  afterAll(() => stack?.[Symbol.asyncDispose]());

  test('every link of what the services left holds', async () => {
    expect(await xvisionJson(['prove', report.run, '--rerun'], stack)).toMatchObject({
      holds: true,
      broken: [],
      rerun: { equivalence: null, notice: 'Research use only; not a medical device' },
    });
  });

  test('one altered byte of a feature row ends with 1 and names the image', async () => {
    const [feature] = await stack.query<{ sha256: string; file: string }>(
      'SELECT feature_sha256 AS sha256, external_id AS file FROM dataset_member JOIN image ON image.id = image_id LIMIT 1',
    );
    const { sha256 = '', file = '' } = feature ?? {};
    const blobs = (await readdir(stack.folder, { recursive: true })).filter((name) => path.basename(name) === sha256);
    const blob = path.join(stack.folder, blobs[0] ?? '');
    const bytes = await readFile(blob);
    await writeFile(blob, Buffer.from(bytes).fill((bytes[7] ?? 0) ^ 1, 7, 8));

    const { code, stdout } = await xvision(['prove', report.run], stack);

    await writeFile(blob, bytes);
    expect(code).toBe(1);
    expect(stdout).toContain(`features: the feature row of ${file}`);
    expect(stdout).toContain(`expected sha256  ${sha256}`);
  });

  test('the recompressed copy is a leak of the task, the mirror image is none', async () => {
    const { code, stdout } = await xvision(['check-leaks', 'nodule', '--json'], stack);

    expect(code).toBe(1);
    const { leaks } = JSON.parse(stdout) as LeakReport;
    const pairs = leaks.map(({ kind, first, second }) => [kind, ...[first.file, second.file].sort()].join(' '));
    expect(pairs).toEqual(['near-duplicate JPCNN001.png copy.jpg']);
  });

  test('the exported graph predicts for pixels what the services predict, to 1e-5', async () => {
    const file = path.join(folder, 'JPCNN002.png');
    const [predicted] = (await xvisionJson(['predict', report.model, file], stack)) as {
      uncalibrated: Record<string, number>;
    }[];
    const out = path.join(stack.folder, 'model.onnx');
    const weights = path.join(shared ?? '', 'weights', 'vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5');
    const environment = { ...stack.environment, XVISION_WEIGHTS: weights };
    await xvisionJson(['export', report.model, '--format', 'onnx', '--out', out], { environment });

    await using session = await openSession(out);
    const pixels = await readPrepared((await prepareImage(await readFile(file))).png);
    const rgb = tensor('uint8', [1, 224, 224, 3], pixels);
    const found = float32Of(await session.run({ rgb }), 'probabilities');

    for (const [index, name] of ['normal', 'nodule'].entries()) {
      expect(Math.abs((found[index] ?? 0) - (predicted?.uncalibrated[name] ?? 0))).toBeLessThan(1e-5);
    }
  });

  test('a sweep delivers a model of its own, and is compared with the run without it image by image', async () => {
    const given = [
      'sweep',
      '--task',
      'nodule',
      '--head',
      'seed-mlp',
      '--cv',
      '3',
      '--lr',
      '0.001',
      '0.01',
      '--l2',
      '0',
      '--allow-leaks',
    ];
    const swept = (await xvisionJson([...given, '--seed', '1', '2'], stack)) as {
      report: RunReport;
      sweep: { chosenIn: number }[];
    };

    const compared = await xvisionJson(['compare', report.run, swept.report.run], stack);

    expect(swept.sweep).toHaveLength(4);
    expect(swept.sweep.reduce((sum, { chosenIn }) => sum + chosenIn, 0)).toBe(3);
    expect(swept.report.model).not.toBe(report.model);
    expect(compared).toMatchObject({
      images: 18,
      auc: { first: { value: report.metrics.auc.value }, second: { value: swept.report.metrics.auc.value } },
      notice: 'Research use only; not a medical device',
    });
    expect(await xvisionJson(['prove', swept.report.run], stack)).toMatchObject({ holds: true });
  });

  test('the card and the weights are written from the catalogue', async () => {
    const out = (name: string) => path.join(stack.folder, name);
    await xvisionJson(['export', report.model, '--format', 'card', '--out', out('card.md')], stack);
    await xvisionJson(['export', report.model, '--format', 'safetensors', '--out', out('head.safetensors')], stack);

    expect(await xvisionJson(['check-export', out('head.safetensors')], stack)).toMatchObject({
      files: [out('head.safetensors'), out('head.safetensors.json')],
      unaltered: true,
    });
    expect(await readFile(out('card.md'), 'utf8')).toContain('| per class | 10 normal, 8 nodule |');
    expect(JSON.parse(await readFile(out('head.safetensors.json'), 'utf8'))).toMatchObject({ dataset: report.dataset });
  });
});
