import { setTimeout as sleep } from 'node:timers/promises';
import type { PrismaClient } from './generated/client.js';
import type { CatalogueLog } from './log.js';
import { type Migration, pendingMigrations, readMigrations } from './migrations.js';

export interface ReadyOptions {
  readonly log?: CatalogueLog;
  /** Aborting ends the wait with the signal's reason. */
  readonly signal?: AbortSignal;
}

const POLL_MS = 250;
/** The same reason is said again after this long, so that a log shows a wait that lasts. */
const REMIND_MS = 15_000;

/** Waits without end: a service starts before its database; only a schema that can never fit throws. */
export async function waitUntilReady(prisma: PrismaClient, { log, signal }: ReadyOptions): Promise<void> {
  let said: string | undefined;
  let saidAt = 0;
  for (;;) {
    signal?.throwIfAborted();
    const missing = await whatIsMissing(prisma);
    if (missing === undefined) {
      if (said !== undefined) log?.info({}, 'the catalogue is there');
      return;
    }
    if (missing !== said || Date.now() - saidAt > REMIND_MS) {
      log?.warn({ missing }, 'waiting for the catalogue');
      said = missing;
      saidAt = Date.now();
    }
    await sleep(POLL_MS, undefined, signal === undefined ? {} : { signal });
  }
}

async function whatIsMissing(prisma: PrismaClient): Promise<string | undefined> {
  let applied: { name: string; sha256: string }[];
  try {
    const ledger = await prisma.$queryRaw<{ there: boolean }[]>`
      SELECT to_regclass('applied_migration') IS NOT NULL AS there`;
    if (ledger[0]?.there !== true) return 'the database answers, its schema is not there yet (the relay creates it)';
    applied = await prisma.$queryRaw`SELECT name, sha256 FROM applied_migration`;
  } catch (error) {
    return `the database does not answer: ${lastLine(error)}`;
  }
  const pending = pendingMigrations(await ownMigrations(), applied);
  return pending.length === 0 ? undefined : `the schema is older; missing ${pending.map((one) => one.name).join(', ')}`;
}

let known: Promise<Migration[]> | undefined;

/** Those of this process's version: every probe asks for them, and they are read once. */
function ownMigrations(): Promise<Migration[]> {
  known ??= readMigrations().catch((error: unknown) => {
    known = undefined;
    throw error;
  });
  return known;
}

/** Prisma puts the query above the reason. */
function lastLine(error: unknown): string {
  const lines = String(error).trim().split('\n');
  return lines.at(-1)?.trim() ?? '';
}
