import { AS_PREPARED_VERSION } from '@xvision/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aCollection, aFeatureRow, aTrainedRun, type Stored, type TrainedRun } from '../../a-trained-run.js';
import { openTestStore } from '../../test-store.js';
import { UnfitStudyError } from '../study.js';
import { examineOnExternalSet } from './external-set.js';

let store: Stored & AsyncDisposable;
let run: TrainedRun;
beforeAll(async () => {
  store = await openTestStore();
  const files = Array.from({ length: 8 }, (_, n) => ({ file: `home-${n}.png` }));
  const collection = await aCollection(store, files);
  const members = files.map((_, image) => {
    const [label, fold] = [image % 2, Math.floor(image / 2) % 2];
    const p = 0.4 + 0.1 * label + image / 100;
    return { image, label, folds: [fold], scores: [{ repeat: 0, fold, probabilities: [1 - p, p] }] };
  });
  run = await aTrainedRun(store, collection, { members });
});
afterAll(() => store[Symbol.asyncDispose]());

const hooks = { progress: () => {}, signal: new AbortController().signal };
const examine = (collection: string) =>
  examineOnExternalSet(
    { ...store, threads: 1, weights: () => Promise.reject(new Error('none is needed')) },
    { kind: 'external', about: run.runId, collection },
    hooks,
  );

/** The model of these tests calls large features nodules. */
const abroad = (n: number, label: string) => ({
  file: `abroad-${n}.png`,
  label,
  feature: aFeatureRow(label === 'nodule' ? 4 + n / 10 : n / 10),
});

describe('a model on a collection of another place', () => {
  test('is measured on what it never saw; everything else is counted by its reason', async () => {
    const { id } = await aCollection(store, [
      ...[0, 1, 2].map((n) => abroad(n, 'normal')),
      ...[3, 4, 5].map((n) => abroad(n, 'nodule')),
      { file: 'blank.png', label: 'normal', outcome: 'rejected' as const },
      { file: 'late.png', label: 'normal', outcome: 'untouched' as const },
      { file: 'as-is.png', label: 'normal', identity: { preprocessing: AS_PREPARED_VERSION } },
      { file: 'side.png', label: 'normal', view: 'lateral' as const },
      { file: 'other.png', label: 'fracture' },
      { file: 'again.png', label: 'normal', patient: 'home-3.png' },
    ]);

    const result = await examine(id);

    expect(result).toMatchObject({
      kind: 'external',
      task: 'nodule',
      images: 6,
      patients: 6,
      excluded: { rejected: 1, unextracted: 1, otherPreprocessing: 1, otherView: 1, unlabelled: 1, trainedOn: 1 },
      unlike: null,
      auc: { value: 1 },
      classes: ['normal', 'nodule'],
      operatingPoint: { class: 'nodule', sensitivity: { value: 1 } },
      notice: 'Research use only; not a medical device',
    });
    expect(result.internalAuc.value).not.toBeNull();
    expect(result.confusion.flat().reduce((sum, count) => sum + count)).toBe(6);
  });

  test('of one class only has no AUC, and says what is missing', async () => {
    const { id } = await aCollection(
      store,
      [10, 11, 12].map((n) => abroad(n, 'normal')),
    );

    const { auc, sentence } = await examine(id);

    expect(auc.value).toBeNull();
    expect(sentence).toContain('without images of every class');
  });

  test('without a single fitting image says by which reasons they fell out', async () => {
    const { id } = await aCollection(store, [{ file: 'cat.png', label: 'cat' }]);

    await expect(examine(id)).rejects.toThrow(UnfitStudyError);
    await expect(examine(id)).rejects.toThrow(/1 without a label of the task.*must name normal or nodule/);
  });

  test('whose classes stand in another order than the task is refused: its scores would be read the wrong way round', async () => {
    const { id } = await aCollection(store, [abroad(20, 'normal'), abroad(21, 'nodule')]);
    const turn = (classes: string) => store.catalogue.prisma.$executeRaw`
      UPDATE model SET card = jsonb_set(card, '{classes}', ${classes}::jsonb) WHERE id = ${run.modelId}::uuid`;
    await turn('["nodule", "normal"]');

    const asked = examine(id);

    await expect(asked).rejects.toThrow(UnfitStudyError);
    await expect(asked).rejects.toThrow('nodule, normal in this order');
    await turn('["normal", "nodule"]');
  });

  test('of a collection that is not there is refused', async () => {
    await expect(examine(crypto.randomUUID())).rejects.toThrow('there is no collection');
  });
});
