import { describe, expect, test } from 'vitest';
import { type Computed, comparedLinks } from './compared-links.js';

function aTraining(change: Partial<Computed> = {}): Computed {
  return {
    curves: [
      { fold: -1, member: 0, losses: [0.5, 0.25] },
      { fold: 0, member: 0, losses: [0.75, 0.125] },
    ],
    scores: [
      { repeat: 0, fold: 0, place: 4, probabilities: [0.25, 0.75] },
      { repeat: 0, fold: 0, place: 1, probabilities: [0.5, 0.5] },
      { repeat: 0, fold: 1, place: 2, probabilities: [0.125, 0.875] },
    ],
    modelSha256: 'a'.repeat(64),
    ...change,
  };
}

const problems = (again: Computed) =>
  comparedLinks({ recorded: aTraining(), again }).flatMap(({ problem }) => problem ?? []);

describe('a training compared with its repetition', () => {
  test('holds link by link where every bit is the same, in whatever order it is told', () => {
    const again = aTraining({ scores: aTraining().scores.toReversed(), curves: aTraining().curves.toReversed() });

    const links = comparedLinks({ recorded: aTraining(), again });

    expect(links.map(({ of, problem }) => [of, problem])).toEqual([
      ['losses of the delivered model, network 0', null],
      ['losses of fold 0, network 0', null],
      ['test scores of repeat 0, fold 0', null],
      ['test scores of repeat 0, fold 1', null],
      ['the delivered model', null],
    ]);
    expect(links.every(({ expected, found }) => expected !== null && expected === found)).toBe(true);
  });

  test('one last bit of one score breaks its fold, and says how far it is', () => {
    const [first, ...rest] = aTraining().scores;
    const scores = [{ ...first!, probabilities: [0.25, 0.75 + 2 ** -53] }, ...rest];

    expect(problems(aTraining({ scores }))).toEqual([
      'trained again, test scores of repeat 0, fold 0 came out 1.11e-16 apart, where every bit should be the same',
    ]);
  });

  test('a model of other bytes, and what only one of them has, are told', () => {
    expect(problems(aTraining({ modelSha256: 'b'.repeat(64) }))).toEqual([
      expect.stringContaining('the model came out with other bytes'),
    ]);
    expect(problems(aTraining({ curves: aTraining().curves.slice(0, 1) }))).toEqual([
      'losses of fold 0, network 0 did not come out again: train the run again',
    ]);
    expect(problems(aTraining({ scores: aTraining().scores.slice(1) }))).toEqual([
      'test scores of repeat 0, fold 0 holds another number of values: train the run again',
    ]);
  });

  test('a score that is no number never holds', () => {
    const scores = aTraining().scores.map((one) => ({ ...one, probabilities: [Number.NaN, 0.75] }));

    expect(problems(aTraining({ scores }))).toHaveLength(2);
  });
});
