import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { openStores, type Stores } from '@xvision/blob-store';
import { type Catalogue, findWeights, migrate } from '@xvision/catalogue';
import { type Bus, connectBus, ensureTopology } from '@xvision/message-bus';
import {
  anImagePrepared,
  startNats,
  startPostgres,
  type TemporaryFolder,
  type TestNats,
  type TestPostgres,
  temporaryFolder,
} from '@xvision/testing';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { announcedImages, featureRows, openTestCatalogue, somePreparedImages } from './test-catalogue.js';

/** For a busy machine; below the 120 s after which the broker takes a silent copy for dead. */
const PATIENCE_MS = 90_000;

interface Extractor {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly exit: Promise<number | null>;
}

describe('the extractor process', { timeout: 240_000 }, () => {
  let postgres: TestPostgres;
  let nats: TestNats;
  let folder: TemporaryFolder;
  let catalogue: Catalogue;
  let stores: Stores;
  let bus: Bus;
  const started: ChildProcess[] = [];

  beforeAll(async () => {
    [postgres, nats, folder] = await Promise.all([startPostgres(), startNats(), temporaryFolder()]);
    await migrate(postgres.url);
    catalogue = openTestCatalogue(postgres.url);
    stores = await openStores({ XVISION_STORE: path.join(folder.path, 'store') });
    bus = await connectBus({ servers: nats.url, name: 'test' });
    await ensureTopology(bus);
  });

  afterAll(async () => {
    for (const child of started) child.kill('SIGKILL');
    await bus?.close();
    await catalogue?.[Symbol.asyncDispose]();
    await nats?.stop();
    await postgres?.stop();
    await folder?.[Symbol.asyncDispose]();
  });

  /** With an untrained backbone, which needs no files, and one thread, which leaves the machine to others. */
  function start(environment: Record<string, string> = {}): Extractor {
    const child = spawn(process.execPath, [path.join(import.meta.dirname, '..', 'dist', 'main.js')], {
      env: {
        PATH: process.env['PATH'],
        DATABASE_URL: postgres.url,
        NATS_URL: nats.url,
        XVISION_STORE: path.join(folder.path, 'store'),
        XVISION_CACHE: path.join(folder.path, 'cache'),
        XVISION_OFFLINE: 'true',
        XVISION_ALLOW_UNTRAINED: 'true',
        ENGINE: 'onnx-cpu',
        ENGINE_THREADS: '1',
        ...environment,
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

  async function readyUrl({ output }: Extractor): Promise<string> {
    return vi.waitFor(
      async () => {
        const url = /"health":"(http[^"]+)"/.exec(output())?.[1];
        if (
          url === undefined ||
          (await fetch(`${url}/readyz`)).status !== 200 ||
          !output().includes('loaded and checked')
        ) {
          throw new Error(`not ready:\n${output()}`);
        }
        return url;
      },
      { timeout: PATIENCE_MS, interval: 50 },
    );
  }

  test('computes every image once, marks the backbone as untrained, buries what is damaged, and says so in /metrics', async () => {
    const events = await somePreparedImages(catalogue, stores.blobs, 4);
    const damaged = anImagePrepared({ preparedSha256: await stores.blobs.put(Buffer.from('not a PNG')) });
    await bus.publishAll([...events, damaged]);
    const extractor = start();
    const url = await readyUrl(extractor);

    await vi.waitFor(async () => expect(await announcedImages(catalogue)).toHaveLength(4), { timeout: PATIENCE_MS });
    await vi.waitFor(
      async () => expect((await bus.lag()).find(({ consumer }) => consumer === 'extractor')?.lag).toBe(0),
      { timeout: PATIENCE_MS },
    );

    const rows = await featureRows(catalogue);
    expect(rows).toHaveLength(4);
    expect(rows[0]?.engine).toMatch(/^onnx-cpu \(onnxruntime-node \d.*, cpu, 1 thread\)$/);
    const [weights] = await catalogue.prisma.$queryRaw<{ weights: string }[]>`SELECT DISTINCT weights FROM feature`;
    expect(await findWeights(catalogue, weights?.weights ?? '')).toMatchObject({ trained: false, backbone: 'vgg16' });
    const letters = await catalogue.prisma.$queryRaw<{ message: string }[]>`SELECT message FROM dead_letter`;
    expect(letters).toEqual([{ message: expect.stringMatching(/is damaged; prepare the image again/) as string }]);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toMatch(/xvision_extractor_images_total\{outcome="computed",service="extractor"\} 4/);
    expect(metrics).toMatch(/xvision_extractor_backbone\{[^}]*trained="false"[^}]*\} 1/);
    extractor.child.kill('SIGTERM');
    expect(await extractor.exit).toBe(0);
  });

  test('SIGTERM in mid-job finishes or hands back what is in hand: nothing is lost, nothing is computed twice', async () => {
    await catalogue.prisma.$executeRaw`TRUNCATE feature, event, inbox, collection CASCADE`;
    const first = start({ CONCURRENCY: '2', BATCH_SIZE: '1' });
    await readyUrl(first);
    const events = await somePreparedImages(catalogue, stores.blobs, 8);
    await bus.publishAll(events);
    await vi.waitFor(async () => expect((await announcedImages(catalogue)).length).toBeGreaterThan(0), {
      timeout: PATIENCE_MS,
      interval: 5,
    });

    first.child.kill('SIGTERM');

    expect(await first.exit).toBe(0);
    const finished = await announcedImages(catalogue);
    expect(finished.length).toBeLessThan(8);
    const lag = (await bus.lag()).find(({ consumer }) => consumer === 'extractor');
    expect(lag?.lag).toBe(8 - finished.length);

    // Far below the 120 s after which the broker takes a silent copy for dead: what was in hand was handed back.
    const second = start();
    await vi.waitFor(async () => expect(await announcedImages(catalogue)).toHaveLength(8), { timeout: PATIENCE_MS });
    second.child.kill('SIGTERM');
    expect(await second.exit).toBe(0);
    const announced = await announcedImages(catalogue);
    expect(new Set(announced).size).toBe(8);
    expect(await featureRows(catalogue)).toHaveLength(8);
  });

  test('without weights and without leave to go on untrained it ends with what was tried', async () => {
    const extractor = start({ XVISION_ALLOW_UNTRAINED: 'false' });

    expect(await extractor.exit).toBe(1);

    expect(extractor.output()).toMatch(/The pretrained VGG16 weights could not be had\. Tried:/);
  });
});
