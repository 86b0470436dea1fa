import { describe, expect, test } from 'vitest';
import { aucEstimate, newcombeInterval, oneAgainstRestAuc } from './auc-estimate.js';
import { patientBootstrap } from './bootstrap.js';
import { pairedAucDifference } from './comparison.js';
import { delongAuc } from './delong.js';
import { seededRandom } from './random.js';
import { weightedAuc } from './roc.js';

/** Two overlapping bell-shaped score distributions, 60 positives and 90 negatives. */
function aStudy(seed: number) {
  const random = seededRandom(seed);
  const bell = () => Array.from({ length: 12 }, () => random.uint32() / 2 ** 32).reduce((sum, u) => sum + u, -6);
  const labels = Array.from({ length: 150 }, (_, i) => (i < 60 ? 1 : 0));
  return {
    labels,
    scores: labels.map((label) => bell() + label),
    others: labels.map((label) => bell() + label / 2),
    patients: labels.map((_, i) => `patient ${i}`),
  };
}

describe('seededRandom', () => {
  test('gives the same numbers as the published sfc32, on every machine', () => {
    const random = seededRandom(1);

    expect([random.uint32(), random.uint32(), random.uint32()]).toEqual(referenceSfc32(1, 18).slice(15));
  });

  test('spreads evenly', () => {
    const random = seededRandom(3);
    const seen = new Uint32Array(10);
    for (let i = 0; i < 100_000; i += 1) {
      const digit = random.below(10);
      seen[digit] = (seen[digit] ?? 0) + 1;
    }

    for (const count of seen) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });
});

/** sfc32 in 64-bit integers, written straight from PractRand's C. */
function referenceSfc32(seed: number, n: number): number[] {
  const mask = 0xffff_ffffn;
  let [a, b, c, counter] = [0n, BigInt(seed), 0n, 1n];
  return Array.from({ length: n }, () => {
    const result = (a + b + counter) & mask;
    counter = (counter + 1n) & mask;
    a = b ^ (b >> 9n);
    b = (c + (c << 3n)) & mask;
    c = ((((c << 21n) | (c >> 11n)) & mask) + result) & mask;
    return Number(result);
  });
}

describe('patientBootstrap', () => {
  test('gives the same bits for the same seed and others for another', () => {
    const { labels, scores, patients } = aStudy(1);
    const statistic = weightedAuc(labels, scores);

    const once = patientBootstrap(patients, [statistic], { seed: 5, resamples: 200 });

    expect(patientBootstrap(patients, [statistic], { seed: 5, resamples: 200 })).toEqual(once);
    expect(patientBootstrap(patients, [statistic], { seed: 6, resamples: 200 })).not.toEqual(once);
  });

  test('agrees with DeLong on independent images, to its Monte-Carlo error', () => {
    const { labels, scores, patients } = aStudy(2);
    const delong = delongAuc(labels, scores);

    const [interval] = patientBootstrap(patients, [weightedAuc(labels, scores)]);

    expect(Math.abs((interval?.low ?? 0) - (delong?.interval.low ?? 1))).toBeLessThan(0.012);
    expect(Math.abs((interval?.high ?? 0) - (delong?.interval.high ?? 1))).toBeLessThan(0.012);
  });

  test('is wider when each image is there twice under one patient than when the copies pass for two patients', () => {
    const { labels, scores, patients } = aStudy(3);
    const twice = { labels: [...labels, ...labels], scores: [...scores, ...scores] };
    const statistic = weightedAuc(twice.labels, twice.scores);

    const [honest] = patientBootstrap([...patients, ...patients], [statistic]);
    const [naive] = patientBootstrap([...patients, ...patients.map((one) => `copy of ${one}`)], [statistic]);

    expect(width(honest)).toBeGreaterThan(1.25 * width(naive));
  });

  test('a statistic that most resamples do not define has no interval', () => {
    expect(patientBootstrap(['a', 'b'], [() => null], { resamples: 20 })).toEqual([null]);
  });
});

describe('aucEstimate', () => {
  test('perfect separation is not certainty', () => {
    const estimate = aucEstimate({
      labels: [0, 0, 0, 1, 1, 1],
      scores: [1, 2, 3, 4, 5, 6],
      patients: ['a', 'b', 'c', 'd', 'e', 'f'],
    });

    expect(estimate.value).toBe(1);
    expect(estimate.high).toBe(1);
    expect(estimate.low).toBeLessThan(0.8);
  });

  test('one class only is not defined', () => {
    expect(aucEstimate({ labels: [1, 1], scores: [0.1, 0.9], patients: ['a', 'b'] })).toEqual({
      value: null,
      low: null,
      high: null,
    });
  });

  test("Newcombe's interval holds the observed value and narrows with the number of patients", () => {
    const few = newcombeInterval(0.8, { positives: 10, negatives: 10 });
    const many = newcombeInterval(0.8, { positives: 100, negatives: 100 });

    expect(few.low).toBeLessThan(many.low);
    expect(many.low).toBeLessThan(0.8);
    expect(many.high).toBeGreaterThan(0.8);
    expect(few.high).toBeLessThanOrEqual(1);
  });

  test('the mean of one against rest is not defined when a class has no image', () => {
    const probabilities = [
      [0.8, 0.1, 0.1],
      [0.2, 0.7, 0.1],
      [0.6, 0.3, 0.1],
    ];

    expect(oneAgainstRestAuc({ labels: [0, 1, 0], probabilities, patients: ['a', 'b', 'c'] }).value).toBeNull();
  });
});

describe('pairedAucDifference', () => {
  test('of a model with itself is zero without any doubt', () => {
    const { labels, scores, patients } = aStudy(4);
    const rows = scores.map((score) => [-score, score]);

    expect(pairedAucDifference({ labels, patients, first: rows, second: rows }, { resamples: 100 })).toEqual({
      value: 0,
      low: 0,
      high: 0,
    });
  });

  test('covers the true difference about as often as it promises', () => {
    // AUC of two unit bells whose centres are d apart is the normal distribution at d / sqrt(2).
    const truth = 0.76 - 0.638;
    let covered = 0;
    for (let seed = 0; seed < 60; seed += 1) {
      const { labels, scores, others, patients } = aStudy(100 + seed);
      const difference = pairedAucDifference(
        { labels, patients, first: scores.map((s) => [-s, s]), second: others.map((s) => [-s, s]) },
        { resamples: 200 },
      );
      if ((difference.low ?? 1) <= truth && (difference.high ?? -1) >= truth) covered += 1;
    }

    expect(covered).toBeGreaterThanOrEqual(51);
  });
});

function width(interval: { low: number; high: number } | null | undefined): number {
  return (interval?.high ?? 0) - (interval?.low ?? 0);
}
