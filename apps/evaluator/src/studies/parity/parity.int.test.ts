import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aCollection, aFeatureRow, type GivenImage, type Stored } from '../../a-trained-run.js';
import { openTestStore } from '../../test-store.js';
import { UnfitStudyError } from '../study.js';
import { parity } from './parity.js';

let store: Stored & AsyncDisposable;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store[Symbol.asyncDispose]());

const ask = (collection: string) =>
  parity(
    { ...store, threads: 1, weights: () => Promise.reject(new Error('none is needed')) },
    { kind: 'parity', collections: [collection] },
    { progress: () => {}, signal: new AbortController().signal },
  );

/** Two views of each patient, a third of them with a nodule, which is what the features show, and faintly who it is. */
function examinations(patients: number): GivenImage[] {
  return Array.from({ length: patients * 2 }, (_, n): GivenImage => {
    const patient = Math.floor(n / 2);
    const ill = patient % 3 === 0;
    const feature = aFeatureRow(0).map((_zero, i) => (i % 97 === patient ? 3 : 0) + (ill && i % 7 === 0 ? 0.4 : 0.2));
    return {
      file: `CXR${patient}_IM-${n}`,
      patient: `CXR${patient}`,
      view: n % 2 === 0 ? 'frontal' : 'lateral',
      mesh: ill ? ['Nodule/lung/left'] : ['normal'],
      feature,
    };
  });
}

describe('parity with the published project', { timeout: 240_000 }, () => {
  test('tries no fault, each alone, all, and all but each, and twice gives the same bytes', async () => {
    const { id } = await aCollection(store, examinations(36));

    // Side by side, since one training keeps one core busy.
    const [result, again] = await Promise.all([ask(id), ask(id)]);

    expect(result.arms.map(({ arm }) => arm)).toEqual([
      'no fault',
      ...result.arms.slice(1, 7).map(({ faults }) => `only ${faults.join('')}`),
      'all faults',
      ...result.arms.slice(8).map(({ arm }) => arm),
    ]);
    expect(result.arms.map(({ faults }) => faults.length)).toEqual([0, 1, 1, 1, 1, 1, 1, 6, 5, 5, 5, 5, 5, 5]);
    const [clean, ...others] = result.arms;
    expect(clean).toMatchObject({ testedOfTrainedPatients: 0, difference: null });
    for (const { auc, difference, accuracy } of others) {
      expect(difference?.value).toBeCloseTo((auc.value ?? 0) - (clean?.auc.value ?? 0), 12);
      expect(accuracy.low).toBeLessThanOrEqual(accuracy.value ?? 0);
    }
    expect(others.find(({ arm }) => arm === 'only shared-images')?.testedOfTrainedPatients).toBeGreaterThan(0);
    // Batches of one class have moments of one class: what tells the classes apart is taken out of them.
    const sorted = result.arms.find(({ arm }) => arm === 'all faults')?.auc.value ?? 1;
    const mixed = result.arms.find(({ arm }) => arm === 'all but batch-moments')?.auc.value ?? 0;
    expect(sorted).toBeLessThan(mixed);
    expect(result.split).toMatchObject({ records: 72, nodule: 24, calcinosisnodule: 0, asPublished: false });
    expect(JSON.stringify(again)).toBe(JSON.stringify(result));
  });

  test('a collection of one class, or none at all, is refused with what is missing', async () => {
    const healthy = examinations(9).map((one) => ({ ...one, file: `healthy-${one.file}`, mesh: ['normal'] }));
    const { id } = await aCollection(store, healthy);

    await expect(ask(id)).rejects.toThrow(UnfitStudyError);
    await expect(ask(id)).rejects.toThrow('no image of nodule');
    await expect(ask(crypto.randomUUID())).rejects.toThrow('there is no collection');
  });

  test('features of two kinds are never trained on together', async () => {
    const { id } = await aCollection(
      store,
      examinations(4).map((one) => ({ ...one, file: `first-${one.file}` })),
    );
    const other = await aCollection(
      store,
      examinations(4).map((one) => ({ ...one, file: `int8-${one.file}`, identity: { numerics: 'int8' } })),
    );
    const both = { kind: 'parity' as const, collections: [id, other.id] };

    const asked = parity({ ...store, threads: 1, weights: () => Promise.reject(new Error('none is needed')) }, both, {
      progress: () => {},
      signal: new AbortController().signal,
    });

    await expect(asked).rejects.toThrow('extracted in 2 ways');
  });
});
