import { describe, expect, test } from 'vitest';
import { aReport as report } from './a-report.js';
import { renderReport } from './render-report.js';

function lines(text: string): string[] {
  return text.trimEnd().split('\n');
}

describe('renderReport', () => {
  test('carries every number a reader needs, and ends with what it is not', () => {
    const text = renderReport(report);

    expect(text).toContain('250 collected, 244 prepared, 6 rejected, 244 with features');
    expect(text).toContain('0.716 (95 % CI 0.651 to 0.775)');
    expect(text).toMatch(/nodule\s+32\s+120/);
    expect(text).toContain('0.789 [0.718, 0.847]');
    expect(text).toContain('Recall of nodule is the sensitivity');
    expect(text).toContain('15 grey statistics');
    expect(lines(text).at(-1)).toBe('Research use only; not a medical device');
  });

  test('what the data do not define is said in words', () => {
    expect(renderReport(report)).toMatch(/nodule\s+not defined/);
    expect(renderReport(report)).not.toMatch(/NaN|null|undefined/);
  });

  test('on synthetic images every line with a number says so', () => {
    const text = renderReport({ ...report, synthetic: true });

    expect(lines(text).filter((line) => /\d/.test(line) && !/synthetic/i.test(line))).toEqual([]);
    expect(renderReport(report)).not.toMatch(/synthetic/i);
  });

  test('an untrained backbone is said loudly and where the backbone stands', () => {
    const text = renderReport({ ...report, untrainedBackbone: true });

    expect(text).toContain('*** UNTRAINED BACKBONE');
    expect(text).toContain('UNTRAINED (random weights)');
    expect(text).not.toContain('ImageNet weights');
  });

  test('fits a terminal of 110 columns', () => {
    expect(lines(renderReport({ ...report, synthetic: true })).filter((line) => line.length > 110)).toEqual([]);
  });

  test('says in which form the networks were trained, where that is known', () => {
    const training = { form: 'dual' as const, reason: 'dual form, N = 244 < D = 25,088', engine: 'onnxruntime-node' };

    expect(renderReport({ ...report, training })).toContain('  Training  dual form, N = 244 < D = 25,088\n');
    expect(renderReport(report)).not.toContain('Training');
  });
});
