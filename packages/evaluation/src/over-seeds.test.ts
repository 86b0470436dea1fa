import { describe, expect, test } from 'vitest';
import { aucEstimate } from './auc-estimate.js';
import { accuracyOverSeeds, aucDifferenceOverSeeds, aucOverSeeds } from './over-seeds.js';

const patients = Array.from({ length: 12 }, (_, n) => `p${n}`);
const labels = patients.map((_, n) => n % 2);
const scored = (scores: readonly number[]) => ({ labels, patients, probabilities: scores.map((p) => [1 - p, p]) });
const good = scored(labels.map((label, n) => 0.3 + 0.2 * label + n / 40));
const poor = scored(labels.map((_, n) => ((n * 7) % 12) / 12));

describe('several trainings of the same thing', () => {
  test('one training gives what it gives alone', () => {
    const alone = aucEstimate({ labels, patients, scores: good.probabilities.map((row) => row[1] ?? 0) });

    expect(aucOverSeeds([good])).toEqual(alone);
  });

  test('have the mean of their AUCs, not the AUC of their scores thrown together', () => {
    const shifted = scored(good.probabilities.map((row) => (row[1] ?? 0) / 10));

    expect(aucOverSeeds([good, shifted]).value).toBeCloseTo(aucOverSeeds([good]).value ?? 0, 12);
  });

  test('differ by the difference of these means; from themselves by nothing at all', () => {
    const { value } = aucDifferenceOverSeeds([good, good], [poor]);

    expect(value).toBeCloseTo((aucOverSeeds([good]).value ?? 0) - (aucOverSeeds([poor]).value ?? 0), 12);
    expect(aucDifferenceOverSeeds([good], [good])).toEqual({ value: 0, low: 0, high: 0 });
  });

  test('of the same few people know no more of them than one training does', () => {
    const width = ({ low, high }: { low: number | null; high: number | null }) => (high ?? 0) - (low ?? 0);

    expect(width(accuracyOverSeeds([good, good, good]))).toBeCloseTo(width(accuracyOverSeeds([good])), 1);
  });

  test('without both classes have no AUC', () => {
    expect(aucOverSeeds([{ ...good, labels: labels.map(() => 1) }]).value).toBeNull();
  });
});
