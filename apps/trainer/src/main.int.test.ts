import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { findModelOfRun, findRun, listEvents } from '@xvision/catalogue';
import { epochCompleted, modelTrained } from '@xvision/contracts';
import { type Bus, connectBus, ensureTopology } from '@xvision/message-bus';
import { aRunRequested, startNats, type TestNats } from '@xvision/testing';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { aCollection, aRun, openTestStore, someImages, type TestStore } from './a-collection.js';

interface Trainer {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly exit: Promise<number | null>;
}

const EPOCHS = 12;

/** Processes are started and ended, on a machine that may be busy with other tests. */
describe('the trainer process', { timeout: 180_000 }, () => {
  let store: TestStore;
  let nats: TestNats;
  let bus: Bus;
  let collection: string;
  const started: ChildProcess[] = [];

  beforeAll(async () => {
    [store, nats] = await Promise.all([openTestStore(), startNats()]);
    bus = await connectBus({ servers: nats.url, name: 'test' });
    await ensureTopology(bus);
    collection = await aCollection(store, someImages(24), 'two-classes');
  });

  afterAll(async () => {
    for (const child of started) child.kill('SIGKILL');
    await bus?.close();
    await nats?.stop();
    await store?.[Symbol.asyncDispose]();
  });

  function start(threads: number): Trainer {
    const child = spawn(process.execPath, [path.join(import.meta.dirname, '..', 'dist', 'main.js')], {
      env: {
        PATH: process.env['PATH'],
        DATABASE_URL: store.url,
        NATS_URL: nats.url,
        XVISION_STORE: store.root,
        ENGINE_THREADS: String(threads),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    started.push(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    }
    return { child, output: () => output, exit: once(child, 'close').then(([code]) => code as number | null) };
  }

  const trained = (runId: string, trainer: Trainer) =>
    vi.waitFor(
      async () => {
        const run = await findRun(store.catalogue, runId);
        if (run?.state !== 'trained') throw new Error(`run is ${run?.state}: ${run?.message}\n${trainer.output()}`);
      },
      { timeout: 90_000, interval: 20 },
    );

  const epochsDone = async (runId: string): Promise<number> =>
    await store.catalogue.prisma.epoch.count({ where: { runId, fold: -1 } });

  const eventsOf = async (runId: string, subject: string) =>
    (await listEvents(store.catalogue, { about: runId, limit: 500 })).filter(
      ({ envelope }) => envelope.type === subject,
    );

  /** What a run leaves behind that must not depend on what happened on the way. */
  async function resultOf(runId: string) {
    const model = await findModelOfRun(store.catalogue, runId);
    const scores = await store.catalogue.prisma.testScore.findMany({
      where: { modelId: model!.id },
      orderBy: [{ repeat: 'asc' }, { imageId: 'asc' }],
      select: { imageId: true, repeat: true, fold: true, probabilities: true },
    });
    const epochs = await store.catalogue.prisma.epoch.findMany({
      where: { runId },
      orderBy: [{ fold: 'asc' }, { member: 'asc' }, { epoch: 'asc' }],
      select: { fold: true, member: true, epoch: true, loss: true },
    });
    return { sha256: model!.sha256, contentKey: model!.contentKey, scores, epochs };
  }

  /** Takes the model away, so that the next equal run has to train. */
  async function forgetModelOf(runId: string): Promise<void> {
    const model = await findModelOfRun(store.catalogue, runId);
    await store.catalogue.prisma.runModel.deleteMany({ where: { modelId: model!.id } });
    await store.catalogue.prisma.testScore.deleteMany({ where: { modelId: model!.id } });
    await store.catalogue.prisma.model.delete({ where: { id: model!.id } });
  }

  test('SIGKILL in the middle of training: the next process goes on from the checkpoint to the same bits', async () => {
    const undisturbed = start(2);
    const first = await aRun(store, [collection], { seed: 3, epochs: EPOCHS });
    await bus.publish(aRunRequested({ runId: first }));
    await trained(first, undisturbed);
    const wanted = await resultOf(first);
    await forgetModelOf(first);

    const second = await aRun(store, [collection], { seed: 3, epochs: EPOCHS });
    await bus.publish(aRunRequested({ runId: second }));
    await vi.waitFor(async () => expect(await epochsDone(second)).toBeGreaterThanOrEqual(2), {
      timeout: 90_000,
      interval: 2,
    });
    undisturbed.child.kill('SIGKILL');
    await undisturbed.exit;
    const interrupted = await epochsDone(second);
    const checkpointed = (await eventsOf(second, epochCompleted.subject)).length;
    expect(await findModelOfRun(store.catalogue, second)).toBeUndefined();

    // The broker waits 120 s for the killed copy; a redelivery is the same event again.
    const next = start(1);
    await bus.publish({ ...aRunRequested({ runId: second }) });
    await trained(second, next);

    expect(interrupted).toBeLessThan(EPOCHS);
    expect(checkpointed).toBe(interrupted);
    expect(await resultOf(second)).toEqual(wanted);
    const epochs = (await eventsOf(second, epochCompleted.subject)).map(({ envelope }) => envelope.data);
    expect(epochs.map((data) => (data as { epoch: number }).epoch)).toEqual(
      Array.from({ length: EPOCHS }, (_, index) => index + 1),
    );
    expect(await eventsOf(second, modelTrained.subject)).toHaveLength(1);
    next.child.kill('SIGTERM');
    expect(await next.exit, next.output()).toBe(0);
  });

  test('SIGKILL in the middle of a sweep: the next process goes on from what was scored to the same bits', async () => {
    const sweep = { learningRates: [0.003, 0.01, 0.03], weightDecays: [0], seeds: [1, 2] };
    const first = start(2);
    const whole = await aRun(store, [collection], { seed: 8, sweep });
    await bus.publish(aRunRequested({ runId: whole }));
    await trained(whole, first);
    const wanted = await resultOf(whole);
    await forgetModelOf(whole);

    const broken = await aRun(store, [collection], { seed: 8, sweep });
    await bus.publish(aRunRequested({ runId: broken }));
    const scored = () => store.catalogue.prisma.sweepScore.count({ where: { runId: broken } });
    await vi.waitFor(async () => expect(await scored()).toBeGreaterThanOrEqual(3), { timeout: 90_000, interval: 2 });
    first.child.kill('SIGKILL');
    await first.exit;
    const kept = await scored();
    expect(await findModelOfRun(store.catalogue, broken)).toBeUndefined();

    const next = start(1);
    await bus.publish({ ...aRunRequested({ runId: broken }) });
    await trained(broken, next);

    expect(kept).toBeGreaterThanOrEqual(3);
    expect(await resultOf(broken)).toEqual(wanted);
    expect(await scored()).toBe(0);
    next.child.kill('SIGTERM');
    expect(await next.exit, next.output()).toBe(0);
  });

  test('SIGTERM in the middle of training hands the run back, and another copy ends it', async () => {
    const first = start(1);
    const runId = await aRun(store, [collection], { seed: 4, epochs: 40 });
    await bus.publish(aRunRequested({ runId }));
    await vi.waitFor(async () => expect(await epochsDone(runId)).toBeGreaterThanOrEqual(2), {
      timeout: 90_000,
      interval: 5,
    });

    first.child.kill('SIGTERM');
    expect(await first.exit, first.output()).toBe(0);
    expect(await findRun(store.catalogue, runId)).toMatchObject({ state: 'training' });

    const second = start(2);
    await trained(runId, second);
    second.child.kill('SIGTERM');
    expect(await second.exit, second.output()).toBe(0);
    expect(await eventsOf(runId, modelTrained.subject)).toHaveLength(1);
  });
});
