import { describe, expect, test } from 'vitest';
import { auditVerdict, judgeBlanked, judgeExternal, judgePermuted, judgeShortcut, repeatedEstimate } from './audit.js';

const estimate = (value: number, low: number, high: number) => ({ value, low, high });

describe('the mean of repeated numbers', () => {
  test("has Student's interval", () => {
    const { value, low, high } = repeatedEstimate([0.4, 0.5, 0.6, 0.5, 0.5]);

    expect(value).toBeCloseTo(0.5, 12);
    expect(low).toBeCloseTo(0.4122, 4); // 2.776 x 0.07071 / sqrt(5)
    expect(high).toBeCloseTo(0.5878, 4);
  });

  test('has no interval when it stands alone, and no value when there is none', () => {
    expect(repeatedEstimate([0.5])).toEqual({ value: 0.5, low: null, high: null });
    expect(repeatedEstimate([])).toEqual({ value: null, low: null, high: null });
  });
});

describe('a shortcut', () => {
  test('is suspect when it tells the classes apart, even where the model does better', () => {
    const judged = judgeShortcut('Grey statistics', {
      auc: estimate(0.9, 0.85, 0.95),
      gain: estimate(0.05, 0.01, 0.09),
    });

    expect(judged.finding).toBe('suspect');
    expect(judged.sentence).toContain('the model tells more than they do, but');
  });

  test('is ruled out when it tells nothing and the model does', () => {
    const judged = judgeShortcut('Covariates', { auc: estimate(0.5, 0.42, 0.58), gain: estimate(0.3, 0.2, 0.4) });

    expect(judged.finding).toBe('sound');
  });

  test('stays open when neither can be told from chance, or there are too few patients', () => {
    const weak = { auc: estimate(0.55, 0.45, 0.65), gain: estimate(0.05, -0.05, 0.15) };

    expect(judgeShortcut('Covariates', weak).finding).toBe('cannot tell');
    expect(judgeShortcut('Covariates', { ...weak, auc: { value: 0.5, low: null, high: null } }).finding).toBe(
      'cannot tell',
    );
  });

  test('that beats the model is said in capitals', () => {
    const worse = { auc: estimate(0.8, 0.7, 0.9), gain: estimate(-0.2, -0.3, -0.1) };

    expect(judgeShortcut('Grey statistics', worse)).toMatchObject({ finding: 'suspect' });
    expect(judgeShortcut('Grey statistics', worse).sentence).toContain('LESS');
  });
});

describe('labels by chance', () => {
  test('must give one half; more is a leak', () => {
    expect(judgePermuted(estimate(0.51, 0.45, 0.57)).finding).toBe('sound');
    expect(judgePermuted(estimate(0.7, 0.6, 0.8))).toMatchObject({ finding: 'suspect' });
    expect(judgePermuted(estimate(0.7, 0.6, 0.8)).sentence).toContain('LEAKS');
    expect(judgePermuted(estimate(0.4, 0.35, 0.45)).finding).toBe('cannot tell');
  });
});

describe('blanked pictures', () => {
  const none = estimate(0, -0.05, 0.05);
  const clear = estimate(0.2, 0.1, 0.3);

  test('labels that are told without the centre are suspect, however well the whole picture does', () => {
    expect(judgeBlanked('centre', { auc: estimate(0.9, 0.8, 0.95), gain: clear }).finding).toBe('suspect');
    expect(judgeBlanked('centre', { auc: estimate(0.5, 0.4, 0.6), gain: clear }).finding).toBe('sound');
    expect(judgeBlanked('centre', { auc: estimate(0.5, 0.4, 0.6), gain: none }).finding).toBe('cannot tell');
  });

  test('skill that goes with the borders is suspect', () => {
    expect(judgeBlanked('borders', { auc: estimate(0.7, 0.6, 0.8), gain: clear }).finding).toBe('suspect');
    expect(judgeBlanked('borders', { auc: estimate(0.7, 0.6, 0.8), gain: none }).finding).toBe('sound');
    expect(judgeBlanked('borders', { auc: estimate(0.5, 0.4, 0.6), gain: none }).finding).toBe('cannot tell');
  });
});

test('an external set on which the model does not hold is suspect', () => {
  const internal = estimate(0.9, 0.85, 0.95);

  expect(judgeExternal('b', { internal, external: estimate(0.6, 0.55, 0.65) }).finding).toBe('suspect');
  expect(judgeExternal('b', { internal, external: estimate(0.88, 0.8, 0.94) }).finding).toBe('sound');
  expect(judgeExternal('b', { internal, external: estimate(0.7, 0.45, 0.9) }).finding).toBe('cannot tell');
  expect(judgeExternal('b', { internal, external: { value: null, low: null, high: null } })).toMatchObject({
    finding: 'cannot tell',
    sentence: expect.stringMatching(/^On b: /),
  });
});

describe('the verdict', () => {
  test('never clears a model that one check suspects, and names the check', () => {
    const verdict = auditVerdict([
      { check: 'grey-statistics', finding: 'suspect' },
      { check: 'covariates', finding: 'cannot tell' },
      { check: 'permuted-labels', finding: 'sound' },
    ]);

    expect(verdict).toMatch(/^NOT cleared.*grey statistics.*cannot decide: covariates/);
  });

  test('claims no proof when nothing was found', () => {
    expect(auditVerdict([{ check: 'permuted-labels', finding: 'sound' }])).toContain('no proof');
    expect(auditVerdict([{ check: 'covariates', finding: 'cannot tell' }])).toContain('none is ruled out');
  });
});
