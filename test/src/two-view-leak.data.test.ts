import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { acquireWeights, INPUT_SIDE, openVgg16 } from '@xvision/backbone';
import { POOL5_LENGTH } from '@xvision/contracts';
import { permuteLabelsByPatient, rocAuc } from '@xvision/evaluation';
import { prepareImage, readPrepared } from '@xvision/imaging';
import {
  assignFolds,
  openTrainingPool,
  planOf,
  type SharedRows,
  setRow,
  sharedRows,
  trainHead,
} from '@xvision/learning';
import { sharedFolder, temporaryFolder } from '@xvision/testing';
import { beforeAll, describe, expect, test } from 'vitest';

const shared = sharedFolder();
const CLASSES = ['normal', 'nodule'];

interface View {
  readonly label: number;
  readonly patient: string;
}

/** The picture from the other side. */
function mirrored(rgb: Uint8Array): Uint8Array {
  const other = new Uint8Array(rgb.length);
  for (let place = 0; place < INPUT_SIDE * INPUT_SIDE; place += 1) {
    const x = place % INPUT_SIDE;
    const from = (place - x + INPUT_SIDE - 1 - x) * 3;
    other.set(rgb.subarray(from, from + 3), place * 3);
  }
  return other;
}

describe.skipIf(shared === undefined)('two views of each patient: jsrt128 and its mirror images', () => {
  const views: View[] = [];
  let rows: SharedRows;

  beforeAll(async () => {
    const folder = path.join(shared ?? '', 'data', 'jsrt128');
    const [, ...lines] = (await readFile(path.join(folder, 'manifest.csv'), 'utf8')).trim().split('\n');
    const images = lines.map((line) => line.split(','));
    await using cache = await temporaryFolder();
    const file = path.join(shared ?? '', 'weights', 'vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5');
    const weights = await acquireWeights({ file, cacheDir: cache.path });
    await using vgg16 = await openVgg16({ weights, engine: 'onnx-cpu-winograd', threads: 2 });
    rows = sharedRows(2 * images.length, POOL5_LENGTH);
    for (const [name = '', label = '', patient = ''] of images) {
      const rgb = await readPrepared((await prepareImage(await readFile(path.join(folder, name)))).png);
      for (const view of [rgb, mirrored(rgb)]) {
        setRow(rows, views.length, { values: await vgg16.pool5(view, 1), name });
        views.push({ label: CLASSES.indexOf(label), patient });
      }
    }
  }, 300_000);

  /** AUC of logistic regression in five folds; `grouped` keeps both views of a patient on one side. */
  async function auc(labels: readonly number[], { grouped }: { grouped: boolean }): Promise<number> {
    const members = views.map(({ patient }, n) => ({ label: labels[n] ?? 0, patient: grouped ? patient : String(n) }));
    const split = { kind: 'cross-validation', folds: 5, repeats: 1 } as const;
    const folds = assignFolds(members, { split, classNames: CLASSES, seed: 1 });
    const settings = { head: 'logistic', seed: 1, epochs: 1, batchSize: 20, learningRate: 0.01 } as const;
    await using pool = openTrainingPool({ threads: 2 });
    const { scores } = await trainHead(pool, {
      rows,
      labels: Int32Array.from(labels),
      classes: 2,
      plan: { ...planOf(folds), delivered: null },
      settings: { ...settings, momentum: 0, weightDecay: 0, order: 'shuffled' },
    });
    const scored = new Float64Array(views.length);
    for (const { test: places, probabilities } of scores) {
      for (const [row, place] of places.entries()) scored[place] = probabilities[2 * row + 1] ?? 0;
    }
    return rocAuc(labels, scored) ?? 0;
  }

  test('parted by image instead of by patient the same model looks far better than it is', async () => {
    const labels = views.map(({ label }) => label);

    const [grouped, ungrouped] = [await auc(labels, { grouped: true }), await auc(labels, { grouped: false })];

    // science.md, section 4: .711 and .805.
    expect(grouped).toBeGreaterThan(0.66);
    expect(grouped).toBeLessThan(0.76);
    expect(ungrouped - grouped).toBeGreaterThan(0.06);
  });

  test('labels by chance give one half, and more than that only where patients are parted', async () => {
    const labels = permuteLabelsByPatient(
      views.map(({ label }) => label),
      views.map(({ patient }) => patient),
      1,
    );

    const [grouped, ungrouped] = [await auc(labels, { grouped: true }), await auc(labels, { grouped: false })];

    expect(Math.abs(grouped - 0.5)).toBeLessThan(0.1);
    expect(ungrouped - grouped).toBeGreaterThan(0.03);
  });
});
