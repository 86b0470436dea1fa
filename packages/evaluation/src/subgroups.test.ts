import { describe, expect, test } from 'vitest';
import { aucEstimate } from './auc-estimate.js';
import { wilson } from './interval.js';
import { foldTable, type GroupedImage, subgroupTable } from './subgroups.js';

function anImage(n: number, change: Partial<GroupedImage> = {}): GroupedImage {
  const positive = n % 2;
  const p = positive === 1 ? 0.55 + n / 100 : 0.3 + n / 100;
  const covariates = { age: 20 + 5 * n, sex: n < 6 ? ('female' as const) : ('male' as const), view: null };
  return { label: positive, patient: `patient ${n}`, probabilities: [1 - p, p], covariates, source: 'a', ...change };
}

const images = Array.from({ length: 12 }, (_, n) => anImage(n));

describe('subgroupTable', () => {
  test('each part is exactly what its images alone give', () => {
    const part = images.slice(0, 6);
    const female = subgroupTable(images).find((row) => row.by === 'sex' && row.group === 'female');

    const scores = part.map((image) => image.probabilities[1] ?? 0);
    const [labels, patients] = [part.map((one) => one.label), part.map((one) => one.patient)];
    expect(female?.auc).toEqual(aucEstimate({ labels, scores, patients }));
    expect(female).toMatchObject({ images: 6, patients: 6, sensitivity: { value: 1, ...wilson(3, 3) } });
  });

  test('parts add up to the whole under every grouping, and age bands stand in their order', () => {
    const rows = subgroupTable(images);

    for (const by of ['sex', 'age', 'source'] as const) {
      expect(rows.filter((row) => row.by === by).reduce((sum, row) => sum + row.images, 0)).toBe(12);
    }
    expect(rows.filter((row) => row.by === 'age').map((row) => row.group)).toEqual([
      'under 40',
      '40 to 59',
      '60 and over',
    ]);
  });

  test('what is known of no image is no grouping; what is unknown of some stands last', () => {
    const some = images.map((image, n) =>
      n === 0 ? { ...image, covariates: { ...image.covariates, view: 'frontal' as const } } : image,
    );

    expect(subgroupTable(images).some((row) => row.by === 'view')).toBe(false);
    expect(subgroupTable(some).flatMap((row) => (row.by === 'view' ? [row.group] : []))).toEqual([
      'frontal',
      'unknown',
    ]);
  });

  test('a part with one class only has no AUC, and no images have no table', () => {
    const rows = subgroupTable(images.map((image) => ({ ...image, source: image.label === 1 ? 'b' : 'a' })));

    expect(rows.find((row) => row.group === 'a')?.auc).toEqual({ value: null, low: null, high: null });
    expect(subgroupTable([])).toEqual([]);
  });
});

test('foldTable keeps the folds of every repeat apart', () => {
  const scored = images.map(({ label, patient, probabilities }, n) => ({
    label,
    patient,
    scores: [0, 1].map((repeat) => ({ repeat, fold: (n >> 1) % (2 + repeat), probabilities })),
  }));

  const rows = foldTable(scored);

  expect(rows.map(({ repeat, fold, images: size }) => [repeat, fold, size])).toEqual([
    [0, 0, 6],
    [0, 1, 6],
    [1, 0, 4],
    [1, 1, 4],
    [1, 2, 4],
  ]);
  expect(rows.every((row) => row.accuracy.value === 1 && row.auc.value === 1)).toBe(true);
});
