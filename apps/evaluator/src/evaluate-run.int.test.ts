import { findRun, findTestedImages, insertRun, listEvents, listMetrics } from '@xvision/catalogue';
import {
  modelEvaluated,
  PoisonMessageError,
  type RunReport,
  runReportSchema,
  runSettingsSchema,
} from '@xvision/contracts';
import { plainComparison, seededRandom } from '@xvision/evaluation';
import { aModelTrained } from '@xvision/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aCollection, aTrainedRun, type GivenMember, type Stored, type TrainedRun } from './a-trained-run.js';
import { evaluateRun } from './evaluate-run.js';
import { openTestStore } from './test-store.js';

let store: Stored & AsyncDisposable;
let collection: Awaited<ReturnType<typeof someImages>>;
beforeAll(async () => {
  store = await openTestStore();
  collection = await someImages();
});
afterAll(() => store[Symbol.asyncDispose]());

const IMAGES = 60;

/** Five folds, two repeats; every third image has a nodule, scored a little higher. */
function members(): GivenMember[] {
  const random = seededRandom(2);
  return Array.from({ length: IMAGES }, (_, image) => {
    const label = image % 3 === 0 ? 1 : 0;
    const folds = [image % 5, (image + 2) % 5];
    const scores = folds.map((fold, repeat) => {
      const p = (random.uint32() / 2 ** 32) * 0.7 + label * 0.3;
      return { repeat, fold, probabilities: [1 - p, p] };
    });
    return { image, label, folds, scores };
  });
}

async function someImages() {
  const random = seededRandom(4);
  const images = Array.from({ length: IMAGES }, (_, i) => ({
    file: `image ${i}`,
    grey: Array.from({ length: 15 }, () => random.below(256)),
  }));
  const more = [
    { file: 'blank', outcome: 'rejected' as const },
    { file: 'waiting', outcome: 'untouched' as const },
  ];
  return await aCollection(store, [...images, ...more]);
}

async function reportOf(runId: string): Promise<RunReport> {
  const row = await store.catalogue.prisma.evaluation.findUniqueOrThrow({ where: { runId } });
  return runReportSchema.parse(row.report);
}

const trainedEvent = ({ runId, modelId, modelSha256, datasetSha256 }: TrainedRun) =>
  aModelTrained({ runId, modelId, modelSha256, datasetSha256 });

const announcements = async (runId: string) =>
  (await listEvents(store.catalogue, { about: runId })).filter(
    ({ envelope }) => envelope.type === 'xv.model.evaluated.v1',
  );

describe('evaluating a trained run', () => {
  test('writes the report, every number and the event, and ends the run', async () => {
    const trained = await aTrainedRun(store, collection, { members: members() });

    expect(await evaluateRun(store, trainedEvent(trained), trained.runId)).toBe('evaluated');

    const report = await reportOf(trained.runId);
    expect(report).toMatchObject({
      run: trained.runId,
      model: trained.modelId,
      task: 'nodule',
      synthetic: false,
      engine: 'onnx-cpu (test)',
      head: 'logistic',
      seed: 3,
      dataset: trained.datasetSha256,
      counts: { collected: 62, prepared: 60, rejected: 1, extracted: 60, train: 60, test: 60 },
    });
    expect(report.metrics.auc.value).toBeGreaterThan(0.7);
    expect(report.metrics.withinFoldAuc).not.toBeNull();
    expect(report.metrics.baseline?.auc.value).not.toBeNull();
    expect(report.metrics.perClass.map((one) => one.support)).toEqual([40, 20]);
    const numbers = await listMetrics(store.catalogue, trained.runId);
    expect(numbers.get('auc')).toEqual(report.metrics.auc);
    expect(numbers.has('baseline.gain')).toBe(true);
    expect(await findRun(store.catalogue, trained.runId)).toMatchObject({ state: 'evaluated', message: null });
    const [announced] = await announcements(trained.runId);
    const { reportSha256 } = modelEvaluated.payload.parse(announced?.envelope.data);
    const stored = await store.blobs.get(reportSha256);
    expect(JSON.parse(new TextDecoder().decode(stored))).toEqual(report);
  });

  test('delivered twice has one effect', async () => {
    const trained = await aTrainedRun(store, collection, { members: members() });
    const event = trainedEvent(trained);

    const outcomes = [await evaluateRun(store, event, trained.runId), await evaluateRun(store, event, trained.runId)];

    expect(outcomes).toEqual(['evaluated', 'repeated']);
    expect(await announcements(trained.runId)).toHaveLength(1);
  });

  test('asked for again gives the same report to the last byte', async () => {
    const trained = await aTrainedRun(store, collection, { members: members() });

    await evaluateRun(store, trainedEvent(trained), trained.runId);
    await evaluateRun(store, trainedEvent(trained), trained.runId);

    const events = await announcements(trained.runId);
    const hashes = events.map(({ envelope }) => modelEvaluated.payload.parse(envelope.data).reportSha256);
    expect(hashes).toHaveLength(2);
    expect(new Set(hashes).size).toBe(1);
  });

  test('an image that is trained on and tested under two positions is scored once', async () => {
    const holdout = members().map((member, i): GivenMember => {
      const [score] = member.scores ?? [];
      if (i < 40 || score === undefined) return { image: member.image, label: member.label, folds: [-1] };
      return { ...member, folds: [0], scores: [{ ...score, repeat: 0, fold: 0 }] };
    });
    const twice = { image: 59, label: 0, folds: [-1] };
    const trained = await aTrainedRun(store, collection, { members: [...holdout, twice] });

    await evaluateRun(store, trainedEvent(trained), trained.runId);

    const report = await reportOf(trained.runId);
    expect(report.counts).toMatchObject({ train: 41, test: 20 });
    expect(report.metrics.withinFoldAuc).toBeNull();
    expect(report.metrics.warnings).toContainEqual(expect.stringContaining('1 patient is in training and test'));
  });

  test('synthetic images and an untrained backbone mark the report and the run', async () => {
    const given = { members: members(), synthetic: true, untrained: true };
    const trained = await aTrainedRun(store, collection, given);

    await evaluateRun(store, trainedEvent(trained), trained.runId);

    const report = await reportOf(trained.runId);
    expect(report).toMatchObject({ synthetic: true, untrainedBackbone: true, engine: 'not recorded' });
    expect(report.metrics.warnings[0]).toContain('Synthetic');
    expect(await findRun(store.catalogue, trained.runId)).toMatchObject({ synthetic: true });
  });

  test('a model without test scores fails its run with a reason', async () => {
    const untested = members().map(({ image, label }) => ({ image, label, folds: [-1] }));
    const trained = await aTrainedRun(store, collection, { members: untested });

    expect(await evaluateRun(store, trainedEvent(trained), trained.runId)).toBe('failed');

    const run = await findRun(store.catalogue, trained.runId);
    expect(run?.state).toBe('failed');
    expect(run?.message).toContain('no test scores');
    expect(await announcements(trained.runId)).toHaveLength(0);
  });

  test('a score that is not a number fails its run with a reason', async () => {
    const broken = members().map((member, i) =>
      i === 3 ? { ...member, scores: [{ repeat: 0, fold: 3, probabilities: [Number.NaN, 1] }] } : member,
    );
    const trained = await aTrainedRun(store, collection, { members: broken });

    expect(await evaluateRun(store, trainedEvent(trained), trained.runId)).toBe('failed');

    expect((await findRun(store.catalogue, trained.runId))?.message).toContain('image 3');
  });

  test('a run that does not exist or has no model is refused, and what was there stays', async () => {
    const nobody = '00000000-0000-7000-8000-000000000000';
    const task = {
      name: 'nodule',
      classes: ['a', 'b'].map((name) => ({ name, rule: { kind: 'label-only' as const } })),
    };
    const settings = runSettingsSchema.parse({ task, collections: [collection.id] });
    const waiting = await store.catalogue.transaction((tx) => insertRun(tx, settings));

    await expect(evaluateRun(store, aModelTrained(), nobody)).rejects.toThrow(PoisonMessageError);
    await expect(evaluateRun(store, aModelTrained(), waiting)).rejects.toThrow('train it before');
    expect(await findRun(store.catalogue, waiting)).toMatchObject({ state: 'waiting' });
  });

  test('two runs on the same images can be compared, each image with the mean of its repeats', async () => {
    const first = await aTrainedRun(store, collection, { members: members() });
    const second = await aTrainedRun(store, collection, { members: members() });

    const [one, other] = [
      await findTestedImages(store.catalogue, first.runId),
      await findTestedImages(store.catalogue, second.runId),
    ];
    const comparison = plainComparison({ name: 'A', ...one! }, { name: 'B', ...other! }, { resamples: 50 });

    const [image] = members();
    const [p, q] = image?.scores?.map((score) => score.probabilities[1] ?? 0) ?? [];
    expect(one?.images[0]?.probabilities[1]).toBeCloseTo(((p ?? 0) + (q ?? 0)) / 2, 12);
    expect(comparison.commonImages).toBe(60);
    expect(comparison.metrics.auc.difference).toEqual({ value: 0, low: 0, high: 0 });
  });
});
