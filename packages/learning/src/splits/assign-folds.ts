import type { Split } from '@xvision/contracts';
import { UnfitDatasetError } from './dataset-errors.js';
import { MersenneTwister } from './mersenne-twister.js';
import { type SplitMember, stratifiedGroupFolds } from './stratified-group-folds.js';

/** In a fold assignment: the image is never tested, only trained on. */
export const NEVER_TESTED = -1;

/** A seed is 32 bits wide; repeat r of seed s draws its folds with s + r. */
const SEEDS = 2 ** 32;

export interface FoldOptions {
  /** Everything but the seed's own split, which needs the records themselves: see `seedSplit`. */
  readonly split: Exclude<Split, { kind: 'seed' }>;
  readonly classNames: readonly string[];
  readonly seed: number;
}

/**
 * For every repeat, the fold in which each member is tested ({@link NEVER_TESTED} for a hold-out's training part).
 * Throws {@link UnfitDatasetError} when a class has too few patients for the split.
 */
export function assignFolds(members: readonly SplitMember[], { split, classNames, seed }: FoldOptions): Int16Array[] {
  assertEnoughPatients(members, classNames, split.kind === 'cross-validation' ? split.folds : 2);
  const repeats =
    split.kind === 'holdout'
      ? [holdOut(members, split.testFraction, seed)]
      : Array.from({ length: split.repeats }, (_, repeat) =>
          stratifiedGroupFolds(members, split.folds, (seed + repeat) % SEEDS),
        );
  for (const folds of repeats) assertEveryClassTrained(members, folds, classNames);
  return repeats;
}

/** Patients of each class, by its place in the task. A patient with images of two classes counts in both. */
export function patientsPerClass(members: readonly SplitMember[], classes: number): number[] {
  const patients = Array.from({ length: classes }, () => new Set<string>());
  for (const { patient, label } of members) patients[label]?.add(patient);
  return patients.map(({ size }) => size);
}

function assertEnoughPatients(members: readonly SplitMember[], classNames: readonly string[], needed: number): void {
  const patients = patientsPerClass(members, classNames.length);
  const short = classNames.filter((_, label) => (patients[label] ?? 0) < needed);
  if (short.length === 0) return;
  const counts = classNames.map((name, label) => `${name}: ${patients[label] ?? 0}`).join(', ');
  throw new UnfitDatasetError(
    `too few patients for this split: every class needs at least ${needed} (patients per class: ${counts}). ` +
      `Collect more images of ${short.join(' and ')}${needed > 2 ? ', or ask for fewer folds' : ''}.`,
  );
}

/** Deals patients to the test part while that brings its class counts nearer to the asked share. */
function holdOut(members: readonly SplitMember[], testFraction: number, seed: number): Int16Array {
  const names = [...new Set(members.map(({ patient }) => patient))].sort();
  const wanted = countsOf(members).map((count) => Math.max(1, count * testFraction));
  const byPatient = groupByPatient(members);
  const held = wanted.map(() => 0);
  const tested = new Set<string>();
  for (const index of new MersenneTwister(seed).permutation(names.length)) {
    const name = names[index] ?? '';
    const counts = countsOf(byPatient.get(name) ?? []);
    const distance = (extra: number): number =>
      wanted.reduce((sum, want, label) => sum + Math.abs(want - (held[label] ?? 0) - extra * (counts[label] ?? 0)), 0);
    if (distance(1) >= distance(0)) continue;
    tested.add(name);
    counts.forEach((count, label) => {
      held[label] = (held[label] ?? 0) + count;
    });
  }
  return Int16Array.from(members, ({ patient }) => (tested.has(patient) ? 0 : NEVER_TESTED));
}

function groupByPatient(members: readonly SplitMember[]): Map<string, SplitMember[]> {
  const groups = new Map<string, SplitMember[]>();
  for (const member of members) {
    const group = groups.get(member.patient);
    if (group === undefined) groups.set(member.patient, [member]);
    else group.push(member);
  }
  return groups;
}

function countsOf(members: readonly SplitMember[]): number[] {
  const counts: number[] = [];
  for (const { label } of members) counts[label] = (counts[label] ?? 0) + 1;
  return Array.from(counts, (count) => count ?? 0);
}

function assertEveryClassTrained(
  members: readonly SplitMember[],
  folds: Int16Array,
  classNames: readonly string[],
): void {
  for (const fold of new Set(folds)) {
    if (fold === NEVER_TESTED) continue;
    const trained = new Set(members.filter((_, index) => folds[index] !== fold).map(({ label }) => label));
    const absent = classNames.filter((_, label) => !trained.has(label));
    if (absent.length > 0) {
      throw new UnfitDatasetError(
        `fold ${fold} leaves no image of ${absent.join(' and ')} to train on. ` +
          'Ask for other folds, another seed, or collect more patients of that class.',
      );
    }
  }
}
