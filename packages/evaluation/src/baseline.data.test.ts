import { readFileSync } from 'node:fs';
import path from 'node:path';
import { prepareImage } from '@xvision/imaging';
import { sharedFolder } from '@xvision/testing';
import { describe, expect, test } from 'vitest';
import { aucEstimate } from './auc-estimate.js';
import { outOfFoldLogistic } from './baseline.js';
import { rocAuc } from './roc.js';

const shared = sharedFolder();

interface PublishedFolds {
  readonly files: string[];
  readonly label: number[];
  readonly patient: string[];
  readonly fold_by_rep: number[][];
}

describe.skipIf(shared === undefined)('the no-network baseline on real radiographs', () => {
  const folder = shared ?? '';
  const folds = (): Record<string, PublishedFolds> =>
    JSON.parse(readFileSync(path.join(folder, 'oracles', 'training', 'folds.json'), 'utf8'));

  test('15 grey statistics of jsrt128 reach .672, the mean of the five published foldings', async () => {
    const { files, label: labels, patient: patients, fold_by_rep: foldings } = folds()['jsrt128']!;
    const prepared = await Promise.all(
      files.map((file) => prepareImage(new Uint8Array(readFileSync(path.join(folder, 'data', 'jsrt128', file))))),
    );
    const rows = prepared.map((image) => image.greyStatistics);

    const aucs = foldings.map((folding) => {
      const scores = outOfFoldLogistic({ rows, labels, classes: 2, folds: folding.map((fold) => [fold]) });
      return rocAuc(labels, scores?.map((row) => row?.[1] ?? Number.NaN) ?? []);
    });
    const everyFolding = patients.map((_, i) => foldings.map((folding) => folding[i] ?? -1));
    const pooled = outOfFoldLogistic({ rows, labels, classes: 2, folds: everyFolding });
    const scores = pooled?.map((row) => row?.[1] ?? Number.NaN) ?? [];

    expect(aucs.reduce((sum: number, auc) => sum + (auc ?? 0), 0) / aucs.length).toBeCloseTo(0.672, 3);
    const estimate = aucEstimate({ labels, scores, patients });
    expect(estimate.low).toBeCloseTo(0.607, 1);
    expect(estimate.high).toBeCloseTo(0.733, 1);
  });
});
