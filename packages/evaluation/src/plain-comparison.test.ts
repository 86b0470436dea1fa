import { describe, expect, test } from 'vitest';
import { mcNemar } from './comparison.js';
import { type ComparableRun, plainComparison } from './plain-comparison.js';
import { seededRandom } from './random.js';

function aRun(name: string, skill: number, seed: number): ComparableRun {
  const random = seededRandom(seed);
  return {
    name,
    classes: ['normal', 'nodule'],
    images: Array.from({ length: 120 }, (_, i) => {
      const label = i % 2;
      const p = (random.uint32() / 2 ** 32) * (1 - skill) + label * skill;
      return { imageId: `image ${i}`, label, patient: `patient ${i}`, probabilities: [1 - p, p] };
    }),
  };
}

describe('plainComparison', () => {
  test('a clear difference is stated with the winner', () => {
    const { sentence, metrics, delong, commonImages } = plainComparison(aRun('A', 0.4, 1), aRun('B', 0.05, 2));

    expect(sentence).toContain('A ranks better, and these data support it');
    expect(metrics.auc.difference.low).toBeGreaterThan(0);
    expect(metrics.brier.difference.high).toBeLessThan(0);
    expect(delong?.p).toBeLessThan(0.001);
    expect(commonImages).toBe(120);
  });

  test('a difference that chance explains is said to be open', () => {
    const { sentence } = plainComparison(aRun('A', 0.2, 1), aRun('B', 0.2, 2));

    expect(sentence).toContain('cannot tell the two apart');
  });

  test('a run compared with itself differs by nothing', () => {
    const run = aRun('A', 0.2, 1);

    const { metrics, delong, mcNemar: test } = plainComparison(run, { ...run, name: 'B' });

    for (const name of ['auc', 'accuracy', 'brier'] as const) {
      expect(metrics[name].difference).toEqual({ value: 0, low: 0, high: 0 });
      expect(metrics[name].first).toEqual(metrics[name].second);
    }
    expect(delong?.z).toBeNull();
    expect(test?.p).toBe(1);
  });

  test('runs on different images or for different questions are not compared', () => {
    const run = aRun('A', 0.2, 1);
    const elsewhere = { ...run, name: 'B', images: run.images.map((one) => ({ ...one, imageId: `${one.imageId}b` })) };
    const otherwise = { ...run, name: 'C', classes: ['normal', 'abnormal'] };

    expect(plainComparison(run, elsewhere)).toMatchObject({ commonImages: 0, delong: null });
    expect(plainComparison(run, otherwise).sentence).toContain('different questions');
  });

  test('each number is that of the common images, and their difference is the difference', () => {
    const { metrics, mcNemar: test } = plainComparison(aRun('A', 0.4, 1), aRun('B', 0.05, 2));

    for (const { first, second, difference } of Object.values(metrics)) {
      expect(difference.value).toBeCloseTo((first.value ?? 0) - (second.value ?? 0), 12);
      expect(difference.low).toBeLessThan(difference.value ?? 0);
      expect(difference.high).toBeGreaterThan(difference.value ?? 0);
    }
    const discordant = (test?.firstRightSecondWrong ?? 0) - (test?.firstWrongSecondRight ?? 0);
    expect(metrics.accuracy.difference.value).toBeCloseTo(discordant / 120, 12);
  });

  test('tests that need independent images are left out where a patient has several', () => {
    const twice = (run: ComparableRun) => ({
      ...run,
      images: run.images.map((one, i) => ({ ...one, patient: `patient ${Math.floor(i / 4)}` })),
    });

    const found = plainComparison(twice(aRun('A', 0.2, 1)), twice(aRun('B', 0.3, 2)));

    expect(found).toMatchObject({ commonImages: 120, commonPatients: 30, delong: null, mcNemar: null });
    expect(found.metrics.auc.difference.low).not.toBeNull();
  });

  test('only images that both tested under one label count', () => {
    const run = aRun('A', 0.2, 1);
    const other = aRun('B', 0.3, 2);

    const half = plainComparison(run, { ...other, images: other.images.slice(0, 50) });

    expect(half.commonImages).toBe(50);
  });
});

describe('mcNemar', () => {
  test('uses only the images where just one of the two is right', () => {
    expect(mcNemar([1, 1, 1, 1], { first: [1, 1, 1, 0], second: [0, 0, 0, 0] })).toEqual({
      firstRightSecondWrong: 3,
      firstWrongSecondRight: 0,
      p: expect.closeTo(0.25, 12),
    });
  });

  test('predictions of different images are refused', () => {
    expect(() => mcNemar([1], { first: [1, 0], second: [1] })).toThrow('same images');
  });
});
