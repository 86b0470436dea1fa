import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assignFolds, NEVER_TESTED } from './assign-folds.js';
import { UnfitDatasetError } from './dataset-errors.js';
import type { SplitMember } from './stratified-group-folds.js';

const classNames = ['normal', 'nodule'];

/** At least six patients of each class, with one to three images each. */
const membersArbitrary = fc
  .array(fc.record({ label: fc.constantFrom(0, 1), images: fc.integer({ min: 1, max: 3 }) }), { maxLength: 40 })
  .map((extra): SplitMember[] =>
    [...Array.from({ length: 12 }, (_, index) => ({ label: index % 2, images: 1 })), ...extra].flatMap(
      ({ label, images }, index) => Array.from({ length: images }, () => ({ patient: `p${index}`, label })),
    ),
  );

const crossValidation = { kind: 'cross-validation', folds: 5, repeats: 2 } as const;

describe('cross-validation', () => {
  test('every image is tested once a repeat, and no patient is in two folds', () => {
    fc.assert(
      fc.property(membersArbitrary, fc.nat(), (members, seed) => {
        for (const folds of assignFolds(members, { split: crossValidation, classNames, seed })) {
          expect(folds.every((fold) => fold >= 0 && fold < 5)).toBe(true);
          const foldOf = new Map<string, number>();
          members.forEach(({ patient }, index) => {
            expect(foldOf.get(patient) ?? folds[index]).toBe(folds[index]);
            foldOf.set(patient, folds[index]!);
          });
        }
      }),
    );
  });

  test('single-image patients are dealt so evenly that folds differ by one image of a class', () => {
    const members = Array.from({ length: 53 }, (_, index) => ({
      patient: `p${index}`,
      label: index % 3 === 0 ? 1 : 0,
    }));

    const [folds] = assignFolds(members, { split: crossValidation, classNames, seed: 7 });

    for (const label of [0, 1]) {
      const counts = [0, 1, 2, 3, 4].map(
        (fold) => members.filter((member, index) => member.label === label && folds![index] === fold).length,
      );
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    }
  });

  test('the same seed gives the same folds, another seed others', () => {
    const members = Array.from({ length: 60 }, (_, index) => ({ patient: `p${index}`, label: index % 2 }));
    const folds = (seed: number) => assignFolds(members, { split: crossValidation, classNames, seed });

    expect(folds(3)).toEqual(folds(3));
    expect(folds(3)).not.toEqual(folds(9));
  });

  test('fewer patients than folds in a class are refused with the counts and what to do', () => {
    const members = Array.from({ length: 30 }, (_, index) => ({ patient: `p${index}`, label: index < 3 ? 1 : 0 }));

    const assign = () => assignFolds(members, { split: crossValidation, classNames, seed: 1 });

    expect(assign).toThrow(UnfitDatasetError);
    expect(assign).toThrow(/at least 5 \(patients per class: normal: 27, nodule: 3\).*nodule.*fewer folds/);
  });
});

describe('hold-out', () => {
  const holdout = { kind: 'holdout', testFraction: 0.3 } as const;

  test('no patient is on both sides, both classes are on both, and about the asked share is tested', () => {
    fc.assert(
      fc.property(membersArbitrary, fc.nat(), (members, seed) => {
        const [folds] = assignFolds(members, { split: holdout, classNames, seed });
        const side = (tested: boolean) => members.filter((_, index) => (folds![index] !== NEVER_TESTED) === tested);

        const trained = new Set(side(false).map(({ patient }) => patient));
        expect(side(true).some(({ patient }) => trained.has(patient))).toBe(false);
        for (const label of [0, 1]) {
          const total = members.filter((member) => member.label === label).length;
          const tested = side(true).filter((member) => member.label === label).length;
          expect(Math.abs(tested - 0.3 * total)).toBeLessThanOrEqual(3);
        }
      }),
    );
  });

  test('one patient in a class is refused', () => {
    const members = Array.from({ length: 30 }, (_, index) => ({ patient: `p${index}`, label: index < 1 ? 1 : 0 }));

    expect(() => assignFolds(members, { split: holdout, classNames, seed: 1 })).toThrow(/at least 2/);
  });
});
