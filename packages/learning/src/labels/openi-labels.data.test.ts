import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { sharedFolder } from '@xvision/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { findLeaks } from '../splits/find-leaks.js';
import { seedSplit } from '../splits/seed-split.js';
import { countLabels } from './count-labels.js';
import { labelOf } from './label-of.js';
import { openiPatient } from './openi-patient.js';
import { presetTasks } from './preset-tasks.js';
import { seedLabel } from './seed-label.js';

const shared = sharedFolder();

interface Dumped {
  readonly id: string;
  readonly items: string[];
  readonly patient: string;
}

describe.skipIf(shared === undefined)("the seed's labels.json", () => {
  let records: Dumped[] = [];
  const patients = (some: readonly Dumped[]): number => new Set(some.map(({ patient }) => patient)).size;
  const labelled = (label: string): Dumped[] => records.filter(({ items }) => seedLabel(items) === label);

  beforeAll(async () => {
    const text = await readFile(path.join(shared ?? '', 'data/openi/labels.json'), 'utf8');
    const dump = JSON.parse(text) as Record<string, { items: string[]; img: string }>;
    records = Object.entries(dump).map(([id, { items, img }]) => ({ id, items, patient: openiPatient(img) ?? '' }));
  });

  test('7,469 records carry 187 distinct labels, and the frequent ones count as published', () => {
    const counts = countLabels(records, 'seed');

    expect(counts.records).toBe(7_469);
    expect(Object.keys(counts.labels)).toHaveLength(187);
    expect(counts.labels).toMatchObject({
      normal: 2697,
      missing: 1255,
      opacity: 374,
      cardiomegaly: 271,
      'calcified granuloma': 263,
      'lung/hypoinflation': 249,
      'thoracic vertebrae/degenerative': 238,
      'lung/hyperdistention': 210,
      calcinosis: 166,
      nodule: 69,
      calcinosisnodule: 29,
    });
    expect(Object.keys(counts.labels)[0]).toBe('normal');
  });

  test('3,851 patients are behind them, one to five images each', () => {
    const perPatient = new Map<string, number>();
    for (const { patient } of records) perPatient.set(patient, (perPatient.get(patient) ?? 0) + 1);
    const sizes = [1, 2, 3, 4, 5].map((size) => [...perPatient.values()].filter((count) => count === size).length);

    expect(perPatient.size).toBe(3_851);
    expect(sizes).toEqual([447, 3207, 181, 15, 1]);
    expect([patients(labelled('nodule')), patients(labelled('calcinosisnodule'))]).toEqual([35, 14]);
  });

  test('the nodule task finds 211 images of 106 patients against 2,696 of 1,379', () => {
    const of = (label: number) =>
      records.filter(({ items }) => labelOf(presetTasks['nodule']!, { mesh: items }) === label);

    expect([of(1).length, patients(of(1))]).toEqual([211, 106]);
    expect([of(0).length, patients(of(0))]).toEqual([2_696, 1_379]);
  });

  test('record 3157 is labelled normal by the seed although it says abnormal', () => {
    const record = records.find(({ id }) => id === '3157');

    expect(seedLabel(record!.items)).toBe('normal');
    expect(labelOf(presetTasks['nodule']!, { mesh: record!.items })).toBeUndefined();
  });

  test("the seed's split has 177 and 76 images, and the same five ids in both", () => {
    const { train, test: tested, overlap } = seedSplit(records);

    expect([train.length, tested.length]).toEqual([177, 76]);
    expect([...overlap].sort()).toEqual(['1808', '5502', '5503', '5901', '5902']);
  });

  test("the leak check finds the seed's overlap and the patients whose views it parts", () => {
    const split = seedSplit(records);
    const patientOf = new Map(records.map(({ id, patient }) => [id, patient]));
    const members = (ids: readonly string[]) =>
      ids.map((id) => ({ imageId: id, patient: patientOf.get(id)!, sha256: id }));

    const leaks = findLeaks(members(split.train), members(split.test));

    expect(leaks.filter(({ kind }) => kind === 'image')).toHaveLength(5);
    expect(
      leaks
        .filter(({ kind }) => kind === 'patient')
        .map(({ value }) => value)
        .sort(),
    ).toEqual(['1880', '3453', '3658', '3855']);
  });
});
