import { PrismaPg } from '@prisma/adapter-pg';
import type { Database, Transaction } from './database.js';
import { PrismaClient } from './generated/client.js';
import type { CatalogueLog } from './log.js';
import { statementName } from './planned-once.js';
import { type ReadyOptions, waitUntilReady } from './ready.js';

export interface Effect {
  /** The durable consumer's name. */
  readonly consumer: string;
  readonly eventId: string;
  /** Absent for live work; a replay's own id otherwise. */
  readonly replayId?: string;
}

export interface Catalogue extends Database, AsyncDisposable {
  readonly prisma: PrismaClient;
  /** Runs `work` in one transaction: all of it is kept, or, when it throws, none. */
  transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>;
  /**
   * Runs `work` in one transaction with the inbox row of this consumer and event.
   * Resolves to false, without running it, when this event had its effect before.
   */
  effectOnce(effect: Effect, work: (tx: Transaction) => Promise<void>): Promise<boolean>;
  /**
   * As `effectOnce`, for several events in one transaction. `work` is told which of them (by their place, an event that is
   * given twice at its first) have their effect now, and is not run when none has. Resolves to the same.
   */
  effectsOnce(
    effects: Pick<Effect, 'consumer' | 'replayId'> & { readonly eventIds: readonly string[] },
    work: (tx: Transaction, fresh: readonly number[]) => Promise<void>,
  ): Promise<readonly number[]>;
  /** Waits until the database answers and every migration is applied; says in the log what it waits for. */
  ready(options?: ReadyOptions): Promise<void>;
}

export interface CatalogueOptions {
  readonly url: string;
  /** Shown by PostgreSQL in pg_stat_activity. */
  readonly applicationName: string;
  /** Most connections this process holds. Ten processes with the default stay below PostgreSQL's own default of 100. */
  readonly connections?: number;
  readonly log?: CatalogueLog;
}

const NO_REPLAY = '00000000-0000-0000-0000-000000000000';

/** Longest time that a statement waits for a free connection, and a transaction may stay open. */
const CONNECTION_WAIT_MS = 20_000;
const TRANSACTION_LIMIT_MS = 60_000;

/** Opens lazily: no connection is made before the first query, so a service may start before its database. */
export function openCatalogue(options: CatalogueOptions): Catalogue {
  const { url, applicationName, connections = 6, log } = options;
  const adapter = new PrismaPg(
    {
      connectionString: url,
      application_name: applicationName,
      max: connections,
      connectionTimeoutMillis: CONNECTION_WAIT_MS,
      idleTimeoutMillis: 30_000,
    },
    {
      statementNameGenerator: statementName,
      onPoolError: (error) => log?.warn({ error: String(error) }, 'an idle database connection was lost'),
    },
  );
  const prisma = new PrismaClient({
    adapter,
    transactionOptions: { maxWait: CONNECTION_WAIT_MS, timeout: TRANSACTION_LIMIT_MS },
  });

  async function transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    return await prisma.$transaction((client) => work({ prisma: client, inTransaction: true }));
  }

  const effectsOnce: Catalogue['effectsOnce'] = ({ consumer, eventIds, replayId = NO_REPLAY }, work) =>
    transaction(async (tx) => {
      const inserted = await tx.prisma.$queryRaw<{ eventId: string }[]>`
        INSERT INTO inbox (consumer, event_id, replay_id)
        SELECT ${consumer}, event_id, ${replayId}::uuid FROM unnest(${[...eventIds]}::uuid[]) AS event_id ORDER BY event_id
        ON CONFLICT DO NOTHING RETURNING event_id::text AS "eventId"`;
      const fresh = inserted.map(({ eventId }) => eventIds.indexOf(eventId)).sort((one, other) => one - other);
      if (fresh.length > 0) await work(tx, fresh);
      return fresh;
    });

  return {
    prisma,
    transaction,
    effectsOnce,
    effectOnce: async ({ eventId, ...effect }, work) => {
      const fresh = await effectsOnce({ ...effect, eventIds: [eventId] }, (tx) => work(tx));
      return fresh.length > 0;
    },
    ready: (readyOptions = {}) => waitUntilReady(prisma, { ...(log === undefined ? {} : { log }), ...readyOptions }),
    [Symbol.asyncDispose]: () => prisma.$disconnect(),
  };
}
