import { describe, expect, test } from 'vitest';
import type { Computed } from './compared-links.js';
import { equivalenceOf } from './equivalence.js';

const COUNT = 200;
const members = Array.from({ length: COUNT }, (_, n) => ({ label: n % 2, patient: `patient ${n}` }));

/** Scores that tell the classes apart well, but not wholly; `shift` moves those of class 1. */
function aTraining({ shift = 0, losses = [0.5, 0.25] }: { shift?: number; losses?: number[] } = {}): Computed {
  return {
    curves: [{ fold: -1, member: 0, losses }],
    scores: members.flatMap(({ label }, place) =>
      [0, 1].map((repeat) => {
        const p = 0.3 + 0.3 * label + 0.25 * Math.sin(7 * place) + shift * label + 0.01 * repeat;
        return { repeat, fold: place % 5, place, probabilities: [1 - p, p] };
      }),
    ),
    modelSha256: 'a'.repeat(64),
  };
}

const recorded = aTraining();
const beside = (again: Computed) => equivalenceOf({ recorded, again }, members);

describe('a training on another engine', () => {
  test('holds where the AUC is the same, however far apart single losses and scores are, and tells how far', () => {
    const { equivalence, link } = beside(aTraining({ shift: 0.004, losses: [0.5, 0.5] }));

    expect(link.problem).toBeNull();
    expect(equivalence.margin).toBe(0.02);
    expect(equivalence.difference.value).toBeLessThan(0.02);
    expect(equivalence.apart.largestLoss).toBe(1);
    expect(equivalence.apart.largestProbability).toBeCloseTo(0.004, 12);
  });

  test('does not hold where the AUC is another one', () => {
    expect(beside(aTraining({ shift: -0.2 })).link.problem).toMatch(
      /^trained again on another engine: The AUC changes by -0\.\d+ .*NOT accepted\. Only the engine that trained the run/,
    );
  });

  test('does not hold where an image has no score any more, or one that is no number', () => {
    const { scores } = recorded;
    const lost = { ...recorded, scores: scores.filter(({ place }) => place !== 17) };
    const spoilt = { ...recorded, scores: scores.map((one) => ({ ...one, probabilities: [Number.NaN, 1] })) };

    for (const again of [lost, spoilt]) {
      expect(beside(again).link.problem).toBe('not every image was scored on both engines: train the run again');
    }
  });
});
