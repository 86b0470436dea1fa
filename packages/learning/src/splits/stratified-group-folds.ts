import { MersenneTwister } from './mersenne-twister.js';

/** What a split needs to know of an image. */
export interface SplitMember {
  /** Images of one patient never part. */
  readonly patient: string;
  /** Place of its class in the task. */
  readonly label: number;
}

/** NumPy's `isclose` with its default tolerances: fold scores this near count as equal. */
const RELATIVE = 1e-5;
const ABSOLUTE = 1e-8;

/**
 * Patient-grouped, stratified k-fold: the fold in which each member is tested. Patients are shuffled, then dealt out
 * the most uneven first, each to the fold that keeps the class shares most alike. Same algorithm and random
 * numbers as scikit-learn's StratifiedGroupKFold(folds, shuffle=True, random_state=seed), so the folds are the same.
 */
export function stratifiedGroupFolds(members: readonly SplitMember[], folds: number, seed: number): Int16Array {
  const { groupOf, countsPerGroup, classTotals } = countGroups(members);
  const shuffled = new MersenneTwister(seed).permutation(countsPerGroup.length);
  const spread = countsPerGroup.map(standardDeviation);
  const order = [...shuffled].sort((left, right) => (spread[right] ?? 0) - (spread[left] ?? 0));

  const dealt = Array.from({ length: folds }, () => classTotals.map(() => 0));
  const foldOfGroup = new Int16Array(countsPerGroup.length);
  for (const group of order) {
    const counts = countsPerGroup[group] ?? [];
    const fold = bestFold(dealt, counts, classTotals);
    counts.forEach((count, label) => {
      addAt(dealt[fold], label, count);
    });
    foldOfGroup[group] = fold;
  }
  return Int16Array.from(groupOf, (group) => foldOfGroup[group] ?? 0);
}

interface Groups {
  /** Group of each member; groups are numbered in the sorted order of their names. */
  readonly groupOf: Int32Array;
  readonly countsPerGroup: readonly number[][];
  /** Images per class; only classes that occur. */
  readonly classTotals: readonly number[];
}

function countGroups(members: readonly SplitMember[]): Groups {
  const names = [...new Set(members.map(({ patient }) => patient))].sort();
  const numberOf = new Map(names.map((name, index) => [name, index]));
  const classes = [...new Set(members.map(({ label }) => label))].sort((left, right) => left - right);
  const classOf = new Map(classes.map((label, index) => [label, index]));

  const countsPerGroup = names.map(() => classes.map(() => 0));
  const classTotals = classes.map(() => 0);
  const groupOf = Int32Array.from(members, ({ patient, label }) => {
    const [group, column] = [numberOf.get(patient) ?? 0, classOf.get(label) ?? 0];
    addAt(countsPerGroup[group], column, 1);
    addAt(classTotals, column, 1);
    return group;
  });
  return { groupOf, countsPerGroup, classTotals };
}

function bestFold(dealt: readonly number[][], counts: readonly number[], classTotals: readonly number[]): number {
  let best = { fold: 0, unevenness: Number.POSITIVE_INFINITY, images: Number.POSITIVE_INFINITY };
  dealt.forEach((held, fold) => {
    const perClass = classTotals.map((total, label) =>
      standardDeviation(
        dealt.map((row, index) => ((row[label] ?? 0) + (index === fold ? (counts[label] ?? 0) : 0)) / total),
      ),
    );
    const unevenness = mean(perClass);
    const images = sum(held);
    const better = unevenness < best.unevenness || (isClose(unevenness, best.unevenness) && images < best.images);
    if (better) best = { fold, unevenness, images };
  });
  return best.fold;
}

function isClose(value: number, other: number): boolean {
  return Math.abs(value - other) <= ABSOLUTE + RELATIVE * Math.abs(other);
}

function addAt(row: number[] | undefined, index: number, amount: number): void {
  if (row !== undefined) row[index] = (row[index] ?? 0) + amount;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function standardDeviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}
