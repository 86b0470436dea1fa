import { untrainedWeights } from '@xvision/backbone';
import { findStudy, requestStudy } from '@xvision/catalogue';
import {
  POOL5_LENGTH,
  PoisonMessageError,
  type StudyResult,
  TransientError,
  trustCardRequestSchema,
} from '@xvision/contracts';
import { aStudyRequested } from '@xvision/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aCollection, aTrainedRun, type Stored } from '../a-trained-run.js';
import { openTestStore } from '../test-store.js';
import { type RunStudyNeeds, runStudy } from './run-study.js';

let store: Stored & AsyncDisposable;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store[Symbol.asyncDispose]());

const stopping = new AbortController().signal;

async function asked(about: string) {
  const origin = { source: 'xvision/test' };
  const { id } = await store.catalogue.transaction((tx) => requestStudy(tx, { kind: 'audit', about }, origin));
  return { id, event: aStudyRequested({ studyId: id }) };
}

const needs = (answer?: RunStudyNeeds['answer']): RunStudyNeeds => ({
  ...store,
  threads: 2,
  weights: async () => untrainedWeights(),
  stopping,
  ...(answer === undefined ? {} : { answer }),
});

/** Features of an image; those of odd numbers are larger. */
function aPicture(n: number): Float32Array {
  return Float32Array.from({ length: POOL5_LENGTH }, (_, k) => (1 + (n % 2)) * Math.abs(Math.sin(k * (n + 1))));
}

/** Twelve patients whose features tell the classes apart, whose grey statistics do not, tested by two folds. */
async function aRun() {
  const count = 12;
  const files = Array.from({ length: count }, (_, n) => ({
    file: `${crypto.randomUUID()}.png`,
    grey: Array.from({ length: 15 }, (__, k) => Math.sin(n * 7 + k)),
    feature: aPicture(n),
  }));
  const collection = await aCollection(store, files);
  const members = files.map((_, image) => {
    const label = image % 2;
    const fold = Math.floor(image / 2) % 2;
    const p = 0.2 + 0.5 * label + image / 100;
    return { image, label, folds: [fold], scores: [{ repeat: 0, fold, probabilities: [1 - p, p] }] };
  });
  return await aTrainedRun(store, collection, { members });
}

describe('a study', () => {
  test('of a run is answered: the shortcut audit, with labels by chance trained anew', async () => {
    const run = await aRun();
    const { id, event } = await asked(run.runId);

    expect(await runStudy(needs(), event)).toBe('answered');

    const study = await findStudy(store.catalogue, id);
    expect(study?.state).toBe('done');
    expect(study?.result).toMatchObject({
      kind: 'audit',
      images: 12,
      patients: 12,
      auc: { value: 1 },
      notice: 'Research use only; not a medical device',
    });
    const checks = study?.result?.kind === 'audit' ? study.result.checks : [];
    expect(checks.map(({ check }) => check)).toEqual([
      'grey-statistics',
      'centre-blanked',
      'borders-blanked',
      'permuted-labels',
    ]);
    const [grey, centre, , permuted] = checks;
    expect(centre).toMatchObject({
      finding: 'cannot tell',
      sentence: expect.stringContaining('the evaluator has backbone weights'),
    });
    expect(grey?.auc.value).toBeLessThan(1);
    expect(permuted?.auc.value).toBeLessThan(0.9);
    expect(permuted?.auc.low).not.toBeNull();
    expect(await runStudy(needs(), event)).toBe('repeated');
  });

  test('of a run that is not there fails and says so', async () => {
    const { id, event } = await asked(crypto.randomUUID());

    expect(await runStudy(needs(), event)).toBe('failed');

    expect(await findStudy(store.catalogue, id)).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('is not in the catalogue'),
    });
  });

  test('of a model that is no network, whose maps would mean nothing, fails and says what to train', async () => {
    const { modelId } = await aRun();
    const request = trustCardRequestSchema.parse({ kind: 'trust-card', about: modelId });
    const { id } = await store.catalogue.transaction((tx) => requestStudy(tx, request, { source: 'xvision/test' }));

    expect(await runStudy(needs(), aStudyRequested({ studyId: id }))).toBe('failed');

    expect((await findStudy(store.catalogue, id))?.message).toContain('--head seed-mlp or seed-ensemble');
  });

  test('that is broken off is tried again; its progress is seen meanwhile', async () => {
    const { id, event } = await asked(crypto.randomUUID());

    await expect(
      runStudy(
        needs(async (_, __, { progress }) => {
          progress(1, 1, 'half');
          throw new TransientError('the disk is away');
        }),
        event,
      ),
    ).rejects.toThrow('the disk is away');
    expect(await findStudy(store.catalogue, id)).toMatchObject({ state: 'running', progress: { what: 'half' } });

    const nothing = { value: null, low: null, high: null };
    const result: StudyResult = {
      kind: 'audit',
      task: 't',
      head: 'logistic',
      synthetic: false,
      images: 0,
      patients: 0,
      auc: nothing,
      checks: [],
      verdict: '',
      notice: 'Research use only; not a medical device',
    };
    expect(
      await runStudy(
        needs(async () => result),
        event,
      ),
    ).toBe('answered');
  });

  test('that nobody asked for is a dead letter', async () => {
    await expect(runStudy(needs(), aStudyRequested())).rejects.toThrow(PoisonMessageError);
  });
});
