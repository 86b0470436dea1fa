import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { POOL5_LENGTH, type RunReport, runReportSchema, VGG16_IMAGENET_WEIGHTS } from '@xvision/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { labelsFromManifest } from './collections.js';
import { shared, startTestStack, type TestStack } from './test-stack.js';
import { xvisionJson } from './xvision.js';

interface GoldenImage {
  readonly prepared_png: string;
  readonly sum: number;
  readonly l2: number;
}

/** science.md section 2: what a correct implementation reaches in one patient-grouped cross-validation. */
const JSRT_AUC = [0.64, 0.78] as const;
const KERMANY_AUC = [0.99, 0.9995] as const;

describe.skipIf(shared === undefined)('the main job on real radiographs', () => {
  let stack: TestStack;
  let jsrt: RunReport;
  const data = (...parts: string[]) => path.join(shared ?? '', 'data', ...parts);

  const runOn = async (name: 'jsrt128' | 'kermany', task: string) => {
    const labels = await labelsFromManifest(data(name, 'manifest.csv'), path.join(stack.folder, `${name}.csv`));
    const given = ['run', '--source', 'folder', '--path', data(name, 'images'), '--labels', labels, '--task', task];
    return runReportSchema.parse(await xvisionJson(given, stack));
  };

  beforeAll(async () => {
    stack = await startTestStack();
    jsrt = await runOn('jsrt128', 'nodule');
  });
  afterAll(() => stack?.[Symbol.asyncDispose]());

  test('jsrt128: all 244 images pass every stage, and the nodule AUC lies where it must', () => {
    expect(jsrt.counts).toMatchObject({
      collected: 244,
      prepared: 244,
      rejected: 0,
      extracted: 244,
      train: 244,
      test: 244,
    });
    expect(jsrt).toMatchObject({
      task: 'nodule',
      synthetic: false,
      untrainedBackbone: false,
      weights: VGG16_IMAGENET_WEIGHTS,
    });
    const { value, low, high } = jsrt.metrics.auc;
    expect(value).toBeGreaterThan(JSRT_AUC[0]);
    expect(value).toBeLessThan(JSRT_AUC[1]);
    expect(low).toBeLessThan(value ?? 0);
    expect(high).toBeGreaterThan(value ?? 1);
    expect(jsrt.metrics.confusion.flat().reduce((sum, count) => sum + count, 0)).toBe(244);
    expect(jsrt.metrics.baseline?.auc.value).toBeGreaterThan(0.6);
  });

  test('kermany: all 690 images pass every stage, and the pneumonia AUC lies where it must', async () => {
    const report = await runOn('kermany', 'pneumonia');

    expect(report.counts).toMatchObject({ collected: 690, prepared: 690, rejected: 0, extracted: 690 });
    expect(report.metrics.auc.value).toBeGreaterThan(KERMANY_AUC[0]);
    expect(report.metrics.auc.value).toBeLessThan(KERMANY_AUC[1]);
  });

  test('the same run again computes nothing twice and says the same', async () => {
    const count = async () =>
      (
        await stack.query<{ features: string; models: string; images: string }>(
          'SELECT (SELECT count(*) FROM feature) AS features, (SELECT count(*) FROM model) AS models, (SELECT count(*) FROM image) AS images',
        )
      )[0];
    const before = await count();

    const again = await runOn('jsrt128', 'nodule');

    expect(await count()).toEqual(before);
    expect(again).toEqual({ ...jsrt, run: again.run });
  });

  test('a trained model scores a new file, and gives an unfit one a reason instead of a score', async () => {
    const good = data('jsrt128', 'images', 'JPCLN001.png');
    const dicom = data('dicom', 'files', 'CR-MONO1-10-chest.dcm');
    const bad = data('odd', 'derived', 'html_error_named.png');

    const predictions = await xvisionJson(['predict', jsrt.model, good, dicom, bad], stack);

    expect(predictions).toEqual([
      expect.objectContaining({
        file: good,
        probabilities: { normal: expect.any(Number), nodule: expect.any(Number) },
        decision: expect.objectContaining({ class: 'nodule', called: expect.any(Boolean) }),
        novelty: expect.any(Number),
        caution: null,
      }),
      expect.objectContaining({ file: dicom }),
      { file: bad, abstained: expect.stringMatching(/HTML|not an image|unsupported/i), reason: 'unfit' },
    ]);
    const [{ probabilities }] = predictions as [{ probabilities: Record<string, number> }];
    expect((probabilities['normal'] ?? 0) + (probabilities['nodule'] ?? 0)).toBeCloseTo(1, 6);
  });

  test('a map of each file comes as a NumPy file and as pictures, and an unfit file gets a reason instead', async () => {
    const good = data('jsrt128', 'images', 'JPCLN001.png');
    const bad = data('odd', 'derived', 'html_error_named.png');
    const folder = path.join(stack.folder, 'maps');
    const asked = ['explain', jsrt.model, good, bad, '--class', 'nodule', '--out', folder];

    for (const [method, side] of [
      ['grad-cam', 7],
      ['guided-backprop', 224],
    ] as const) {
      const explanation = await xvisionJson([...asked, '--method', method], stack);

      const files = path.join(folder, `JPCLN001.${method}.nodule`);
      const written = { map: `${files}.npy`, overlay: `${files}.224.png`, overlayOriginal: `${files}.original.png` };
      expect(explanation).toMatchObject({
        method,
        class: 'nodule',
        trust: { verdict: 'untested', sentence: expect.stringContaining('not evidence') },
        maps: [
          { file: good, probability: expect.any(Number), ...written },
          { file: bad, abstained: expect.stringMatching(/HTML|not an image|unsupported/i) },
        ],
      });
      const raw = await readFile(written.map);
      expect(raw.length - 10 - raw.readUInt16LE(8)).toBe(side * side * 4);
      for (const picture of [written.overlay, written.overlayOriginal])
        expect((await readFile(picture)).subarray(1, 4).toString()).toBe('PNG');
    }
  });

  test('pool5 rows of prepared images come out as a NumPy file and equal the golden values to 1e-3', async () => {
    const oracles = path.join(shared ?? '', 'oracles', 'features');
    const { images }: { images: GoldenImage[] } = JSON.parse(
      await readFile(path.join(oracles, 'golden-pool5.json'), 'utf8'),
    );
    const files = images.map((image) => path.join(oracles, image.prepared_png));
    const out = path.join(stack.folder, 'features.npy');

    await xvisionJson(['features', ...files, '--out', out, '--prepared'], stack);

    const bytes = await readFile(out);
    const start = 10 + bytes.readUInt16LE(8);
    expect(bytes.length - start).toBe(files.length * POOL5_LENGTH * 4);
    for (const [row, golden] of images.entries()) {
      const at = (index: number) => bytes.readFloatLE(start + (row * POOL5_LENGTH + index) * 4);
      const values = Array.from({ length: POOL5_LENGTH }, (_, index) => at(index));
      const within = (value: number, expected: number) =>
        expect(Math.abs(value / expected - 1), golden.prepared_png).toBeLessThan(1e-3);
      within(
        values.reduce((sum, value) => sum + value, 0),
        golden.sum,
      );
      within(Math.hypot(...values), golden.l2);
    }
  });

  test('nothing was given up on the way: no dead letter, and every event was published', async () => {
    expect(await stack.query('SELECT * FROM dead_letter')).toEqual([]);
    expect(await stack.query('SELECT id FROM event WHERE published_at IS NULL')).toEqual([]);
  });
});
