import { SEED_FAULTS, type SeedFault } from '@xvision/contracts';
import { describe, expect, test } from 'vitest';
import { UnfitDatasetError } from './dataset-errors.js';
import { type ParityRecord, paritySets, seedSplitFacts } from './parity-sets.js';

/** Each patient has a frontal and a lateral view; a third of them a nodule. */
function records(patients: number): ParityRecord[] {
  return Array.from({ length: patients * 2 }, (_, n): ParityRecord => {
    const patient = Math.floor(n / 2);
    const items = patient % 3 === 0 ? ['Nodule/lung/left'] : ['normal'];
    return {
      id: String(n + 1),
      items,
      patient: `p${patient}`,
      view: n % 2 === 0 ? 'frontal' : 'lateral',
      atHand: true,
    };
  });
}

const everyone = records(300);
const patientOf = new Map(everyone.map(({ id, patient }) => [id, patient]));
const patients = (members: readonly { id: string }[]) => new Set(members.map(({ id }) => patientOf.get(id)));
const shared = (a: ReadonlySet<unknown>, b: ReadonlySet<unknown>) => [...a].filter((one) => b.has(one)).length;
const ids = (members: readonly { id: string }[]) => members.map(({ id }) => id);
const deal = (faults: readonly SeedFault[], seed = 1) => paritySets(everyone, { faults: new Set(faults), seed });

describe('training and test sets with and without the faults of the published project', () => {
  test('without any fault no patient and no lateral view is in both sets', () => {
    const { train, test: tested } = deal([]);

    expect([train.length, tested.length]).toEqual([174, 75]);
    expect(shared(patients(train), patients(tested))).toBe(0);
    expect([...train, ...tested].every(({ id }) => Number(id) % 2 === 1)).toBe(true);
  });

  test('split by image parts the views of patients, and nothing else does', () => {
    const withLaterals = deal(['lateral-views']);
    const byImage = deal(['lateral-views', 'split-by-image']);

    expect(shared(patients(withLaterals.train), patients(withLaterals.test))).toBe(0);
    expect(shared(patients(byImage.train), patients(byImage.test))).toBeGreaterThan(10);
    expect(shared(new Set(ids(byImage.train)), new Set(ids(byImage.test)))).toBe(0);
  });

  test('shared images are the last ones of the training slice, also where everything else is done right', () => {
    const { train, test: tested } = deal(['shared-images', 'lateral-views']);

    expect(shared(new Set(ids(train)), new Set(ids(tested)))).toBe(5);
  });

  test('another seed deals others, unless the order is fixed', () => {
    expect(ids(deal([], 1).train)).not.toEqual(ids(deal([], 2).train));
    expect(deal(['fixed-order'], 1)).toEqual(deal(['fixed-order'], 2));
  });

  test('in the fixed order the test set is class after class; otherwise classes are mixed', () => {
    const switches = (members: readonly { label: number }[]) =>
      members.filter(({ label }, n) => n > 0 && members[n - 1]?.label !== label).length;

    expect(switches(deal(['fixed-order']).test)).toBe(1);
    expect(switches(deal([]).test)).toBeGreaterThan(10);
  });

  test('images without features take no part', () => {
    const half = everyone.map((record, n) => ({ ...record, atHand: n % 4 === 0 }));
    const sets = paritySets(half, { faults: new Set(SEED_FAULTS), seed: 1 });

    expect([...sets.train, ...sets.test].every(({ id }) => (Number(id) - 1) % 4 === 0)).toBe(true);
  });

  test('a collection of one class only is refused, with what is missing', () => {
    const healthy = everyone.filter(({ items }) => items[0] === 'normal');

    expect(() => paritySets(healthy, { faults: new Set(), seed: 1 })).toThrow(UnfitDatasetError);
    expect(() => paritySets(healthy, { faults: new Set(), seed: 1 })).toThrow('no image of nodule');
  });

  test('records that say abnormal and are called normal are named', () => {
    const [first, ...rest] = everyone;
    const abnormal = { ...(first as ParityRecord), items: ['Pleura/abnormal'] };

    expect(seedSplitFacts([abnormal, ...rest]).abnormalCalledNormal).toEqual([abnormal.id]);
  });
});
