import type { RunComparison } from '@xvision/contracts';
import { describe, expect, test } from 'vitest';
import { describeComparison } from './compare.js';

const run = '0199c7e2-6f6e-7000-8000-000000000000';
const plain = { task: 'nodule', tested: 120, synthetic: false, untrainedBackbone: false };
const comparison: RunComparison = {
  first: { run, head: 'seed-ensemble', ...plain },
  second: { run: run.replace(/0$/, '1'), head: 'logistic', ...plain },
  classes: ['normal', 'nodule'],
  images: 120,
  patients: 120,
  auc: {
    first: { value: 0.75, low: 0.7, high: 0.8 },
    second: { value: 0.7, low: 0.6, high: 0.8 },
    difference: { value: 0.05, low: -0.02, high: 0.12 },
  },
  accuracy: {
    first: { value: 0.7, low: 0.6, high: 0.8 },
    second: { value: 0.6, low: 0.5, high: 0.7 },
    difference: { value: 0.1, low: 0.02, high: 0.18 },
  },
  brier: {
    first: { value: 0.2, low: 0.1, high: 0.3 },
    second: { value: 0.25, low: 0.2, high: 0.3 },
    difference: { value: -0.05, low: -0.09, high: -0.01 },
  },
  delong: { difference: 0.05, low: -0.02, high: 0.12, p: 0.1634 },
  mcNemar: { firstRightSecondWrong: 20, firstWrongSecondRight: 8, p: 0.0357 },
  sentence: 'These data cannot tell the two apart.',
  notice: 'Research use only; not a medical device',
};

/** The cells of the line that starts with these words. */
const line = (text: string, start: string) => text.split('\n').find((one) => one.startsWith(start)) ?? '';

describe('the comparison of two runs', () => {
  test('shows each number of both, the difference with its sign, and what the data say', () => {
    const text = describeComparison(comparison);

    expect(line(text, 'AUC')).toMatch(
      /0\.750 \[0\.700, 0\.800\].*\+0\.050 \[-0\.020, \+0\.120\].*cannot be told apart/,
    );
    expect(line(text, 'accuracy')).toContain('first is better');
    expect(line(text, 'DeLong')).toContain('p = 0.16');
    expect(line(text, 'McNemar')).toContain('only the first is right on 20, only the second on 8, p = 0.036');
    expect(text).toContain(comparison.sentence);
    expect(text).toMatch(/Research use only; not a medical device$/);
  });

  test('a lower Brier score is the better one', () => {
    expect(line(describeComparison(comparison), 'Brier')).toContain('first is better');
  });

  test('how many images are compared is said where the runs tested others as well, and only there', () => {
    const second = { ...comparison.second, tested: 150 };

    expect(describeComparison({ ...comparison, second })).toContain(
      'The first run tested 120 images, the second 150; compared are the 120 that both tested',
    );
    expect(describeComparison(comparison)).not.toContain('The first run tested');
  });

  test('synthetic images and an untrained backbone are said of either run', () => {
    const second = { ...comparison.second, synthetic: true, untrainedBackbone: true };

    const text = describeComparison({ ...comparison, second });

    expect(text).toContain('Synthetic images');
    expect(text).toContain('Untrained backbone');
  });

  test('why there are no tests is said where a patient has several images', () => {
    const text = describeComparison({ ...comparison, patients: 60, delong: null, mcNemar: null });

    expect(text).toContain('120 images of 60 patients');
    expect(text).not.toContain('p =');
  });
});
