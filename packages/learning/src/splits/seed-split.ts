import { seedLabel } from '../labels/seed-label.js';
import { UnfitDatasetError } from './dataset-errors.js';
import { pythonDictOrder } from './python-dict-order.js';

export interface SeedRecord {
  /** The record's number in the source, as text. */
  readonly id: string;
  /** MeSH major terms. */
  readonly items: readonly string[];
}

export interface SeedSplit {
  readonly train: readonly string[];
  readonly test: readonly string[];
  /** Ids that stand in both, by the published slices' own fault. */
  readonly overlap: readonly string[];
}

/** The slices that the published project takes of the images of each seed label, in dictionary order. */
const SLICES = [
  { label: 'normal', train: [0, 100], test: [100, 150] },
  { label: 'nodule', train: [0, 54], test: [49, 69] },
  { label: 'calcinosisnodule', train: [0, 23], test: [23, 29] },
] as const;

/**
 * The published project's split, faults included: five images in both sets, patients whose two views are parted, and
 * an order that is an accident of Python's dictionary. For comparison with its results only.
 * Records come in ascending order of their number, as in its file. Throws when a set would be empty.
 */
export function seedSplit(records: readonly SeedRecord[]): SeedSplit {
  const ascending = [...records].sort((left, right) => byNumber(left.id, right.id));
  const labels = new Map(ascending.map(({ id, items }) => [id, seedLabel(items)]));
  const ordered = pythonDictOrder([...labels.keys()]);

  const train: string[] = [];
  const test: string[] = [];
  for (const slice of SLICES) {
    const ids = ordered.filter((id) => labels.get(id) === slice.label);
    train.push(...ids.slice(...slice.train));
    test.push(...ids.slice(...slice.test));
  }
  if (train.length === 0 || test.length === 0) {
    throw new UnfitDatasetError(
      `the seed's split takes fixed slices of 2,697 normal and 98 nodule images; of ${records.length} records ` +
        `it leaves ${train.length} to train on and ${test.length} to test. Collect its labels.json as a dump first.`,
    );
  }
  const trained = new Set(train);
  return { train, test, overlap: test.filter((id) => trained.has(id)) };
}

/** Numbers ascending, then other names as text. */
export function byNumber(left: string, right: string): number {
  const difference = Number(left) - Number(right);
  if (Number.isFinite(difference) && difference !== 0) return difference;
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
