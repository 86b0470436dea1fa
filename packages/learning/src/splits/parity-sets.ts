import { SEED_FAULTS, type SeedFault, type View } from '@xvision/contracts';
import { labelOf } from '../labels/label-of.js';
import { presetTasks } from '../labels/preset-tasks.js';
import { seedLabel } from '../labels/seed-label.js';
import { randomStream } from '../random/random-stream.js';
import { shuffled } from '../random/shuffle.js';
import { UnfitDatasetError } from './dataset-errors.js';
import { pythonDictOrder } from './python-dict-order.js';
import { byNumber, type SeedRecord } from './seed-split.js';

export interface ParityRecord extends SeedRecord {
  readonly patient: string;
  readonly view: View;
  /** It can be trained on: there are features of it. */
  readonly atHand: boolean;
}

export interface ParitySets {
  readonly train: readonly ParityMember[];
  readonly test: readonly ParityMember[];
}

interface ParityMember {
  readonly id: string;
  /** 0 normal, 1 nodule. */
  readonly label: number;
}

/** Images of one label, and how many of them the published project trains and tests on; `shared` of them in both. */
interface Group {
  readonly label: number;
  readonly sizes: { readonly train: number; readonly test: number; readonly shared: number };
  readonly has: (items: readonly string[]) => boolean;
}

/** The published slices: [0, 100] and [100, 150], [0, 54] and [49, 69], [0, 23] and [23, 29]. */
const BY_TEXT: readonly Group[] = [
  { label: 0, sizes: { train: 100, test: 50, shared: 0 }, has: (items) => seedLabel(items) === 'normal' },
  { label: 1, sizes: { train: 54, test: 20, shared: 5 }, has: (items) => seedLabel(items) === 'nodule' },
  { label: 1, sizes: { train: 23, test: 6, shared: 0 }, has: (items) => seedLabel(items) === 'calcinosisnodule' },
];

/** As many of each class, by the rule of the preset task. */
const BY_TERMS: readonly Group[] = [
  { label: 0, sizes: { train: 100, test: 50, shared: 0 }, has: (items) => classOf(items) === 0 },
  { label: 1, sizes: { train: 77, test: 26, shared: 5 }, has: (items) => classOf(items) === 1 },
];

function classOf(items: readonly string[]): number | undefined {
  const task = presetTasks['nodule'];
  return task === undefined ? undefined : labelOf(task, { mesh: [...items] });
}

/**
 * A training and a test set with some of the published project's faults; with all of them, and every image at hand, its
 * own. Where a label has fewer images than its slices take, both slices shrink alike. Throws {@link UnfitDatasetError}
 * where a set lacks a class.
 */
export function paritySets(
  records: readonly ParityRecord[],
  { faults, seed }: { readonly faults: ReadonlySet<SeedFault>; readonly seed: number },
): ParitySets {
  const ordered = inOrder(records, { fixed: faults.has('fixed-order'), seed });
  const usable = ordered.filter(({ view, atHand }) => atHand && (faults.has('lateral-views') || view !== 'lateral'));
  const sequence = faults.has('split-by-image') ? usable : patientByPatient(usable);
  const groups = (faults.has('label-by-text') ? BY_TEXT : BY_TERMS).map((group) =>
    sliced(
      sequence.filter(({ items }) => group.has(items)),
      group,
      faults.has('shared-images'),
    ),
  );
  const trained = new Set(groups.flatMap(({ train }) => train.map(({ patient }) => patient)));
  const mayBeTested = ({ patient }: ParityRecord) => faults.has('split-by-image') || !trained.has(patient);
  const members = (of: readonly ParityRecord[], label: number) => of.map(({ id }) => ({ id, label }));
  const train = groups.flatMap((group) => members(group.train, group.label));
  const test = groups.flatMap(({ label, shared, rest, size }) =>
    members([...shared, ...rest.filter(mayBeTested)].slice(0, size), label),
  );
  refuseMissingClass({ train, test });
  return { train, test: faults.has('fixed-order') ? test : mixed(test, seed) };
}

function sliced(own: readonly ParityRecord[], { label, sizes }: Group, withShared: boolean) {
  const shared = withShared ? sizes.shared : 0;
  const scale = Math.min(1, own.length / (sizes.train + sizes.test - shared));
  const train = Math.floor(sizes.train * scale);
  const from = train - Math.round(shared * scale);
  return {
    label,
    train: own.slice(0, train),
    shared: own.slice(from, train),
    rest: own.slice(train),
    size: Math.floor(sizes.test * scale),
  };
}

function inOrder(records: readonly ParityRecord[], { fixed, seed }: { fixed: boolean; seed: number }): ParityRecord[] {
  const ascending = [...records].sort((left, right) => byNumber(left.id, right.id));
  if (!fixed) return mixed(ascending, seed);
  const byId = new Map(ascending.map((record) => [record.id, record]));
  return pythonDictOrder([...byId.keys()]).flatMap((id) => byId.get(id) ?? []);
}

/** Each patient's images together, patients in the order of their first ones. */
function patientByPatient(records: readonly ParityRecord[]): ParityRecord[] {
  const patients = new Map<string, ParityRecord[]>();
  for (const record of records) patients.set(record.patient, [...(patients.get(record.patient) ?? []), record]);
  return [...patients.values()].flat();
}

/** No training shuffles as fold -2, so that these numbers are nobody else's. */
const PARITY = -2;

function mixed<Item>(items: readonly Item[], seed: number): Item[] {
  const order = shuffled(items.length, randomStream('shuffle', seed, 0, PARITY, 0, 0));
  return Array.from(order).flatMap((place) => items.slice(place, place + 1));
}

function refuseMissingClass(sets: ParitySets): void {
  for (const [name, members] of Object.entries(sets) as ['train' | 'test', ParityMember[]][]) {
    for (const [label, word] of ['normal', 'nodule'].entries()) {
      if (members.some((one) => one.label === label)) continue;
      throw new UnfitDatasetError(
        `the ${name} set has no image of ${word}: parity takes slices of an Open-i collection with both; collect more of it`,
      );
    }
  }
}

export interface SeedSplitFacts {
  readonly train: number;
  readonly test: number;
  /** Ids in both sets. */
  readonly overlap: readonly string[];
  /** Test images whose patient is trained on, shared images included. */
  readonly straddling: readonly string[];
  readonly straddlingPatients: readonly string[];
  readonly abnormalCalledNormal: readonly string[];
  readonly labels: ReadonlyMap<string, number>;
}

/** What is wrong with the published split of these records, whether there are images of them or not; throws as {@link paritySets}. */
export function seedSplitFacts(records: readonly ParityRecord[]): SeedSplitFacts {
  const everything = records.map((record) => ({ ...record, atHand: true }));
  const sets = paritySets(everything, { faults: new Set(SEED_FAULTS), seed: 0 });
  const [train, test] = [sets.train.map(({ id }) => id), sets.test.map(({ id }) => id)];
  const trainedIds = new Set(train);
  const patientOf = new Map(records.map(({ id, patient }) => [id, patient]));
  const trained = new Set(train.map((id) => patientOf.get(id)));
  const straddling = test.filter((id) => trained.has(patientOf.get(id))).sort(byNumber);
  const labels = new Map<string, number>();
  for (const { items } of records) labels.set(seedLabel(items), (labels.get(seedLabel(items)) ?? 0) + 1);
  return {
    train: train.length,
    test: test.length,
    overlap: test.filter((id) => trainedIds.has(id)).sort(byNumber),
    straddling,
    straddlingPatients: [...new Set(straddling.map((id) => patientOf.get(id) ?? ''))].sort(byNumber),
    abnormalCalledNormal: records
      .filter(({ items }) => seedLabel(items) === 'normal' && items.join('/').toLowerCase().includes('abnormal'))
      .map(({ id }) => id)
      .sort(byNumber),
    labels,
  };
}
