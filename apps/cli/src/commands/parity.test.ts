import type { Collection, ParityArm, ParityResult } from '@xvision/contracts';
import { expect, test } from 'vitest';
import type { ApiClient } from '../api-client.js';
import { UsageError } from '../failure.js';
import { chosenCollections, describeParity } from './parity.js';

const arm = (given: Partial<ParityArm>): ParityArm => ({
  arm: 'no fault',
  faults: [],
  images: { train: 177, test: 76 },
  testedOfTrainedPatients: 0,
  auc: { value: 0.61, low: 0.5, high: 0.72 },
  accuracy: { value: 0.66, low: 0.57, high: 0.74 },
  difference: null,
  ...given,
});

const result: ParityResult = {
  kind: 'parity',
  collections: ['open-i'],
  synthetic: false,
  untrainedBackbone: false,
  seeds: 5,
  split: {
    records: 7469,
    distinctLabels: 187,
    normal: 2697,
    nodule: 69,
    calcinosisnodule: 29,
    images: { train: 177, test: 76 },
    overlap: ['1808', '5502'],
    straddling: ['1808', '5057', '5502'],
    straddlingPatients: ['1880', '3453', '3658'],
    abnormalCalledNormal: ['3157'],
    asPublished: true,
  },
  arms: [
    arm({}),
    arm({
      arm: 'only shared-images',
      faults: ['shared-images'],
      testedOfTrainedPatients: 5,
      difference: { value: 0.02, low: -0.01, high: 0.05 },
    }),
  ],
  sentence: 'No fault alone can be told from none.',
  notice: 'Research use only; not a medical device',
};

test('parity is told as the split with its leaks, a line for each set of faults, and what follows', () => {
  const text = describeParity(result);

  expect(text).toContain('177 images to train on, 76 to test, as published');
  expect(text).toContain('tested, though their patient is trained on: 1808, 5057, 5502 (3 patients)');
  expect(text).toMatch(/only shared-images\s+177\/76\s+5\s+0\.610 \[0\.500, 0\.720\].*\+0\.020 \[-0\.010, \+0\.050\]/);
  expect(text).not.toContain('SYNTHETIC');
  expect(text).toMatch(/No fault alone[\s\S]*Research use only; not a medical device$/);
});

test("where the images are the simulator's it is said before any number, and so are sets of another size", () => {
  const text = describeParity({ ...result, synthetic: true, split: { ...result.split, asPublished: false } });

  expect(text.indexOf('SYNTHETIC')).toBeLessThan(text.indexOf('177'));
  expect(text).toContain('published: 177 and 76');
});

/** An API whose catalogue holds these collections, each Open-i's own with features unless told. */
function apiWith(collections: readonly Partial<Collection>[]): Pick<ApiClient, 'all'> {
  const counts = { collected: 9, prepared: 9, rejected: 0, extracted: 9 };
  const facts = { source: 'openi', purpose: 'dataset', state: 'harvested', synthetic: false, message: null };
  const usual = { ...facts, counts, expected: 9, settled: true, createdAt: '2026-01-01T00:00:00.000Z' };
  return {
    async *all(_path, item) {
      for (const given of collections) {
        yield item.parse({
          ...usual,
          ...given,
        });
      }
    },
  };
}

const id = (n: number) => `0199c7e2-6f6e-7000-8000-00000000000${n}`;
const held = apiWith([
  { id: id(4), name: 'harvest' },
  { id: id(3), name: 'labels', source: 'dump' },
  { id: id(5), name: 'phantoms', synthetic: true },
  { id: id(6), name: 'ours', source: 'folder' },
  { id: id(7), name: 'asked', purpose: 'prediction' },
  { id: id(8), name: 'empty', counts: { collected: 9, prepared: 0, rejected: 0, extracted: 0 } },
]);

test("without a name it takes Open-i's own images and nothing else, in one order however they come", async () => {
  expect(await chosenCollections(held, [])).toEqual([id(3), id(4)]);
  expect(await chosenCollections(apiWith([{ id: id(5), name: 'phantoms', synthetic: true }]), [])).toEqual([]);
});

test('a named collection is taken as it is, and one that is not there is wrong usage', async () => {
  expect(await chosenCollections(held, ['phantoms'])).toEqual([id(5)]);
  await expect(chosenCollections(held, ['phantom'])).rejects.toThrow(UsageError);
});
