import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Catalogue,
  findCollection,
  insertCollection,
  listImages,
  migrate,
  openCatalogue,
} from '@xvision/catalogue';
import { type CollectionRequest, makeEvent, scrapeRequested } from '@xvision/contracts';
import { type Bus, connectBus, ensureTopology } from '@xvision/message-bus';
import { startSimulator } from '@xvision/openi';
import { projectRoot, startNats, startPostgres, temporaryFolder } from '@xvision/testing';
import { expect, test } from 'vitest';

/** Short, so that the broker notices a killed scraper within the test. */
const ACK_WAIT_MS = 1500;

/** Four processes start one after the other; 10 s alone, 35 s on a machine that is busy with other things. */
const TIME_LIMIT_MS = 180_000;

interface Process extends AsyncDisposable {
  readonly child: ChildProcess;
  /** Everything that it logged so far. */
  output(): string;
}

function startScraper(environment: Record<string, string>): Process {
  const main = path.join(projectRoot(), 'apps', 'scraper', 'dist', 'main.js');
  const child = spawn(process.execPath, [main], { env: { PATH: process.env['PATH'], ...environment } });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return {
    child,
    output: () => output,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

async function until<Value>(read: () => Promise<Value | undefined | false>, service: Process): Promise<Value> {
  for (;;) {
    const value = await read();
    if (value !== undefined && value !== false) return value;
    if (service.child.exitCode !== null) throw new Error(`the scraper ended\n${service.output()}`);
    await sleep(20);
  }
}

async function request(catalogue: Catalogue, bus: Bus, name: string): Promise<string> {
  const wanted: CollectionRequest = { source: 'openi', name, purpose: 'dataset' };
  const { id } = await catalogue.transaction((tx) => insertCollection(tx, wanted, { source: 'test' }));
  const origin = { id: crypto.randomUUID(), source: 'test', time: new Date() };
  await bus.publish(makeEvent(scrapeRequested, { collectionId: id }, origin));
  return id;
}

async function rows(catalogue: Catalogue, collectionId: string): Promise<string[]> {
  const images = await listImages(catalogue, { collectionId, limit: 1000 });
  return images.map((image) => `${image.externalId} ${image.originalSha256} ${image.patient}`).sort();
}

async function eventsAbout(catalogue: Catalogue, collectionId: string): Promise<number> {
  const [row] = await catalogue.prisma.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM event
    WHERE subject = 'xv.image.collected.v1' AND envelope -> 'data' ->> 'collectionId' = ${collectionId}`;
  return row?.count ?? 0;
}

test(
  'killed in the middle, stopped in the middle, or left alone: the same images, each announced once',
  async () => {
    await using folder = await temporaryFolder();
    await using nats = await startNats();
    await using postgres = await startPostgres();
    await using simulator = await startSimulator({ patients: 45, seed: 2, imageSize: 100 });
    await migrate(postgres.url);
    await using catalogue = openCatalogue({ url: postgres.url, applicationName: 'test' });
    await using bus = await connectBus({ servers: nats.url, name: 'test' });
    await ensureTopology(bus);
    const environment = {
      DATABASE_URL: postgres.url,
      NATS_URL: nats.url,
      XVISION_STORE: folder.path,
      OPENI_URL: simulator.url,
      OPENI_RATE: '60',
      ACK_WAIT_MS: String(ACK_WAIT_MS),
    };
    const state = async (id: string) => await findCollection(catalogue, id);
    const harvested = async (id: string) => (await state(id))?.state === 'harvested';
    const halfway = async (id: string) => {
      const found = await state(id);
      return found?.state === 'harvesting' && found.counts.collected >= 32;
    };

    await using first = startScraper(environment);
    const alone = await request(catalogue, bus, 'alone');
    await until(() => harvested(alone), first);

    const killed = await request(catalogue, bus, 'killed');
    await until(() => halfway(killed), first);
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    await using second = startScraper(environment);
    await until(() => harvested(killed), second);

    const stopped = await request(catalogue, bus, 'stopped');
    await until(() => halfway(stopped), second);
    second.child.kill('SIGTERM');
    const [code] = await once(second.child, 'exit');
    const halted = await state(stopped);
    await using third = startScraper(environment);
    await until(() => harvested(stopped), third);
    third.child.kill('SIGTERM');
    await once(third.child, 'exit');

    expect(code).toBe(0);
    expect(halted?.state).toBe('harvesting');
    expect(halted?.counts.collected).toBeLessThan(simulator.records);
    const undisturbed = await rows(catalogue, alone);
    expect(undisturbed).toHaveLength(simulator.records);
    for (const id of [killed, stopped]) {
      expect(await rows(catalogue, id)).toEqual(undisturbed);
      expect(await eventsAbout(catalogue, id)).toBe(simulator.records);
      expect(await state(id)).toMatchObject({ state: 'harvested', message: null, synthetic: true });
    }
    const [lag] = (await bus.lag()).filter((one) => one.consumer === 'scraper');
    expect(lag).toMatchObject({ pending: 0, ackPending: 0 });
  },
  TIME_LIMIT_MS,
);
