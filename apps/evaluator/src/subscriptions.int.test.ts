import { untrainedWeights } from '@xvision/backbone';
import { findPredictionJobView, findRun, listDeadLetters, requestPrediction } from '@xvision/catalogue';
import { loadHead } from '@xvision/learning';
import { connectBus, ensureTopology } from '@xvision/message-bus';
import { aModelTrained, anEvaluationRequested, startNats } from '@xvision/testing';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { aCollection, aTrainedRun, type Stored } from './a-trained-run.js';
import type { FinishedJob } from './evaluator-metrics.js';
import { giveUp } from './give-up.js';
import { rememberingLastHead } from './scoring-head.js';
import { subscribeAll } from './subscriptions.js';
import { openTestStore } from './test-store.js';

let store: Stored & AsyncDisposable;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store[Symbol.asyncDispose]());

async function aRun() {
  const files = ['a', 'b', 'c', 'd'];
  const collection = await aCollection(
    store,
    files.map((file) => ({ file })),
  );
  const members = files.map((_, image) => {
    const label = image % 2;
    const p = 0.3 + 0.1 * image;
    return { image, label, folds: [label], scores: [{ repeat: 0, fold: label, probabilities: [1 - p, p] }] };
  });
  return { ...(await aTrainedRun(store, collection, { members })), collectionId: collection.id };
}

describe('the evaluator on its bus', () => {
  test('a trained model is evaluated, a prediction is answered, and a run that nobody knows becomes a dead letter', async () => {
    await using nats = await startNats();
    await using bus = await connectBus({ servers: nats.url, name: 'evaluator-test' });
    await ensureTopology(bus);
    const outcomes: string[] = [];
    await using openHead = rememberingLastHead(store.blobs, loadHead);
    const measured = { done: ({ job, outcome }: FinishedJob) => outcomes.push(`${job} ${outcome}`) };
    await using subscriptions = await subscribeAll({
      ...store,
      bus,
      openHead,
      measured,
      threads: 1,
      weights: async () => untrainedWeights(),
      stopping: AbortSignal.timeout(60_000),
    });
    const run = await aRun();
    const fresh = await aCollection(store, [{ file: 'new.png' }], 'prediction');
    const job = await store.catalogue.transaction((tx) =>
      requestPrediction(tx, { modelId: run.modelId, collectionId: fresh.id, anyway: false }),
    );
    const { runId, modelId, modelSha256, datasetSha256 } = run;

    await bus.publish(aModelTrained({ runId, modelId, modelSha256, datasetSha256 }));
    await bus.publish(anEvaluationRequested({ kind: 'prediction', predictionJobId: job.id }));
    await bus.publish(anEvaluationRequested({ kind: 'run', runId }));
    await bus.publish(aModelTrained());

    const patience = { timeout: 20_000, interval: 50 };
    await vi.waitFor(() => expect(outcomes).toHaveLength(3), patience);
    await vi.waitFor(async () => expect(await listDeadLetters(store.catalogue)).toHaveLength(1), patience);
    await subscriptions.stop();
    expect([...outcomes].sort()).toEqual(['prediction predicted', 'run evaluated', 'run evaluated']);
    expect((await findRun(store.catalogue, runId))?.state).toBe('evaluated');
    expect((await findPredictionJobView(store.catalogue, job.id))?.predictions).toHaveLength(1);
    const [letter] = await listDeadLetters(store.catalogue);
    expect(letter).toMatchObject({ consumer: 'evaluator', reason: 'poison' });
    expect(letter?.message).toContain('not in the catalogue');
  });

  test('an evaluation that is given up ends its run or job, so that nobody waits in vain', async () => {
    const run = await aRun();
    const fresh = await aCollection(store, [{ file: 'other.png' }], 'prediction');
    const job = await store.catalogue.transaction((tx) =>
      requestPrediction(tx, { modelId: run.modelId, collectionId: fresh.id, anyway: false }),
    );
    const lettersAbout = [
      aModelTrained({ runId: run.runId }),
      anEvaluationRequested({ kind: 'prediction', predictionJobId: job.id }),
    ];

    for (const [index, event] of lettersAbout.entries()) {
      await giveUp(store.catalogue, {
        id: `00000000-0000-8000-8000-00000000000${index}`,
        consumer: 'evaluator',
        stream: 'XV_MODELS',
        streamSequence: index + 1,
        subject: event.type,
        eventId: event.id,
        reason: 'max-deliveries',
        message: 'the disk is full',
        deliveries: 8,
        body: JSON.stringify(event),
      });
    }

    expect(await findRun(store.catalogue, run.runId)).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('the disk is full'),
    });
    expect((await findPredictionJobView(store.catalogue, job.id))?.message).toContain('Re-drive its dead letter');
  });
});
