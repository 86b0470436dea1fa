import { type Catalogue, emitAll, insertCollection, migrate, openCatalogue, outboxBacklog } from '@xvision/catalogue';
import { scrapeRequested } from '@xvision/contracts';
import { type Bus, connectBus, type StoredEvent } from '@xvision/message-bus';
import { startNats, startPostgres, type TestNats, type TestPostgres } from '@xvision/testing';
import { expect } from 'vitest';
import type { Dependencies } from './dependencies.js';
import { recordDeadLetters } from './record-dead-letters.js';
import { type RelayOptions, relay } from './relay.js';

/** For the relay's own tests: real servers, and relays inside this process. */
export interface TestBench extends AsyncDisposable {
  readonly nats: TestNats;
  readonly url: string;
  readonly catalogue: Catalogue;
  readonly bus: Bus;
}

/** One PostgreSQL for a file of tests; each bench has a database of its own, copied from a migrated one. */
export class Databases implements AsyncDisposable {
  readonly postgres: TestPostgres;

  private constructor(postgres: TestPostgres) {
    this.postgres = postgres;
  }

  static async start(): Promise<Databases> {
    const postgres = await startPostgres();
    await migrate(postgres.url);
    return new Databases(postgres);
  }

  next(): Promise<string> {
    return this.postgres.createDatabase({ template: this.postgres.url });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.postgres.stop();
  }
}

export async function startBench(databases: Databases): Promise<TestBench> {
  const [nats, url] = await Promise.all([startNats(), databases.next()]);
  const catalogue = openCatalogue({ url, applicationName: 'test' });
  const bus = await connectBus({ servers: nats.url, name: 'test' });
  await bus.ensureTopology();
  return {
    nats,
    url,
    catalogue,
    bus,
    async [Symbol.asyncDispose]() {
      await bus.close();
      await catalogue[Symbol.asyncDispose]();
      await nats.stop();
    },
  };
}

export interface TestRelay extends AsyncDisposable {
  readonly counts: Record<'published' | 'lost' | 'revived' | 'promoted', number>;
  readonly said: string[];
}

/** A relay as main.ts starts it, with a connection of its own and quick settings. */
export async function startRelay(bench: TestBench, change: Partial<RelayOptions> = {}): Promise<TestRelay> {
  const bus = await connectBus({ servers: bench.nats.url, name: 'relay' });
  const counts = { published: 0, lost: 0, revived: 0, promoted: 0 };
  const said: string[] = [];
  const note = (details: object, message: string) => said.push(`${message} ${JSON.stringify(details)}`);
  const count = (name: keyof typeof counts) => ({ inc: (value: number) => void (counts[name] += value) });
  const deps: Dependencies = {
    bus,
    catalogue: bench.catalogue,
    log: { info: note, warn: note, error: note, debug: note } as unknown as Dependencies['log'],
    metrics: {
      published: count('published'),
      lost: count('lost'),
      revived: count('revived'),
      promoted: count('promoted'),
      leads: { set: () => {} },
    },
  };
  const stop = new AbortController();
  const subscriptions = await recordDeadLetters(deps);
  const options = { NATS_REPLICAS: 1, SWEEP_SECONDS: 0.3, RECONCILE_SECONDS: 0.3, STUCK_AFTER_SECONDS: 60, ...change };
  const running = relay(deps, { DATABASE_URL: bench.url, ...options }, stop.signal);
  return {
    counts,
    said,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
      await Promise.all(subscriptions.map((subscription) => subscription.stop()));
      await bus.close();
    },
  };
}

const origin = { source: 'xvision/test' };

/** Events that nobody but a test's own consumer takes; resolves to their ids, in order. */
export async function emitEvents(catalogue: Catalogue, count: number): Promise<string[]> {
  const facts = Array.from({ length: count }, () => ({ data: { collectionId: crypto.randomUUID() }, origin }));
  return (await catalogue.transaction((tx) => emitAll(tx, scrapeRequested, facts))).map((envelope) => envelope.id);
}

/** An empty collection that is harvested already, hence settled. */
export async function aSettledCollection(catalogue: Catalogue, name: string): Promise<string> {
  const request = { source: 'openi', name, purpose: 'dataset' } as const;
  const { id } = await catalogue.transaction((tx) => insertCollection(tx, request, origin));
  await catalogue.prisma.collection.update({ where: { id }, data: { state: 'harvested' } });
  return id;
}

export async function everythingPublished(catalogue: Catalogue): Promise<void> {
  await expect.poll(async () => (await outboxBacklog(catalogue)).events, { timeout: 30_000, interval: 20 }).toBe(0);
}

/** The ids of the events in a stream, in its order. */
export async function idsIn(bus: Bus, stream: string): Promise<string[]> {
  const stored: StoredEvent[] = [];
  for await (const event of bus.read(stream)) stored.push(event);
  return stored.map(({ event }) => event?.id ?? 'no event');
}
