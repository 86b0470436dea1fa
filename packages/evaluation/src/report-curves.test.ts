import { describe, expect, test } from 'vitest';
import { seededRandom } from './random.js';
import { reportCurves } from './report-curves.js';
import { rocAuc } from './roc.js';

function aStudy() {
  const random = seededRandom(6);
  const labels = Array.from({ length: 120 }, (_, i) => i % 2);
  return {
    labels,
    probabilities: labels.map((label) => (random.uint32() / 2 ** 32) * 0.6 + label * 0.3),
    patients: labels.map((_, i) => `patient ${i}`),
  };
}

describe('reportCurves', () => {
  test('the ROC curve lies inside its band, and the area under the curve is the AUC', () => {
    const study = aStudy();
    const { operating, rocBand } = reportCurves(study);
    const sensitivityAt = (rate: number) =>
      Math.max(
        0,
        ...operating.filter((point) => 1 - point.specificity <= rate + 1e-9).map((point) => point.sensitivity),
      );

    expect(rocBand).toHaveLength(51);
    for (const { falsePositiveRate, low, high } of rocBand) {
      expect(low).toBeLessThanOrEqual(sensitivityAt(falsePositiveRate) + 0.05);
      expect(high).toBeGreaterThanOrEqual(sensitivityAt(falsePositiveRate) - 0.05);
    }
    let area = 0;
    let before = { sensitivity: 0, specificity: 1 };
    for (const point of operating) {
      area += (before.specificity - point.specificity) * ((before.sensitivity + point.sensitivity) / 2);
      before = point;
    }
    expect(area).toBeCloseTo(rocAuc(study.labels, study.probabilities) ?? 0, 12);
  });

  test('every bin of the reliability curve holds its fraction inside its interval', () => {
    const { reliability } = reportCurves(aStudy());

    expect(reliability.reduce((sum, bin) => sum + bin.n, 0)).toBe(120);
    for (const { n, fractionPositive, interval } of reliability) {
      if (n === 0) expect(interval).toBeNull();
      else expect(interval?.low).toBeLessThanOrEqual(fractionPositive ?? 0);
    }
  });

  test('one class only draws nothing instead of something wrong', () => {
    const study = aStudy();
    const { operating, rocBand } = reportCurves({ ...study, labels: study.labels.map(() => 1) });

    expect(operating).toEqual([]);
    expect(rocBand).toEqual([]);
  });
});
