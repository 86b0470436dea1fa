import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { SEED_FAULTS } from '@xvision/contracts';
import { sharedFolder } from '@xvision/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { openiPatient } from '../labels/openi-patient.js';
import { type ParityRecord, paritySets, seedSplitFacts } from './parity-sets.js';
import { seedSplit } from './seed-split.js';

const shared = sharedFolder();

describe.skipIf(shared === undefined)('parity on the records of Open-i', () => {
  let records: ParityRecord[] = [];
  beforeAll(async () => {
    const text = await readFile(path.join(shared ?? '', 'data/openi/labels.json'), 'utf8');
    const dump = JSON.parse(text) as Record<string, { items: string[]; img: string }>;
    records = Object.entries(dump).map(([id, { items, img }]) => {
      return { id, items, patient: openiPatient(img) ?? '', view: 'unknown', atHand: true };
    });
  });

  test('with every fault the sets are the published ones, image by image', () => {
    const published = seedSplit(records);

    const { train, test: tested } = paritySets(records, { faults: new Set(SEED_FAULTS), seed: 4 });

    expect(train.map(({ id }) => id)).toEqual(published.train);
    expect(tested.map(({ id }) => id)).toEqual(published.test);
    expect([train.filter(({ label }) => label === 0).length, train.length]).toEqual([100, 177]);
    expect([tested.filter(({ label }) => label === 0).length, tested.length]).toEqual([50, 76]);
  });

  test('177 and 76 images, five in both, and six test images of patients that are trained on', () => {
    const facts = seedSplitFacts(records);

    expect(facts).toMatchObject({
      train: 177,
      test: 76,
      overlap: ['1808', '5502', '5503', '5901', '5902'],
      straddling: ['1808', '5057', '5502', '5503', '5901', '5902'],
      straddlingPatients: ['1880', '3453', '3658', '3855'],
    });
    expect(facts.abnormalCalledNormal).toContain('3157');
    expect([facts.labels.get('normal'), facts.labels.get('nodule'), facts.labels.size]).toEqual([2697, 69, 187]);
  });

  test('without any fault as many images of other patients are dealt', () => {
    const patientOf = new Map(records.map(({ id, patient }) => [id, patient]));
    const { train, test: tested } = paritySets(records, { faults: new Set(), seed: 1 });
    const trained = new Set(train.map(({ id }) => patientOf.get(id)));

    expect([train.length, tested.length]).toEqual([177, 76]);
    expect(tested.filter(({ id }) => trained.has(patientOf.get(id)))).toEqual([]);
  });
});
