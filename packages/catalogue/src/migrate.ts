import { Client } from 'pg';
import type { CatalogueLog } from './log.js';
import { type Migration, pendingMigrations, readMigrations } from './migrations.js';

/** Any fixed number: every process that migrates this database asks for the same lock. */
const MIGRATION_LOCK = 7_214_583_019;

const LEDGER = `CREATE TABLE IF NOT EXISTS applied_migration (
  name text PRIMARY KEY,
  sha256 text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
)`;

/**
 * Brings a database to this version's schema and returns the names of the files it applied.
 * Safe to run from several processes at once; each file is one transaction, so a failure leaves whole files only.
 */
export async function migrate(url: string, log?: CatalogueLog): Promise<string[]> {
  const files = await readMigrations();
  const client = new Client({ connectionString: url, application_name: 'xvision-migrate' });
  // Without a listener a lost connection would end the process; the pending query rejects and says so anyway.
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await client.query(LEDGER);
    const applied = await client.query<{ name: string; sha256: string }>('SELECT name, sha256 FROM applied_migration');
    const pending = pendingMigrations(files, applied.rows);
    for (const file of pending) {
      await apply(client, file);
      log?.info({ migration: file.name }, 'migration applied');
    }
    return pending.map((file) => file.name);
  } finally {
    // Closing the session also releases the lock.
    await client.end();
  }
}

async function apply(client: Client, { name, sha256, sql }: Migration): Promise<void> {
  try {
    await client.query('BEGIN');
    await client.query(sql);
    await client.query('INSERT INTO applied_migration (name, sha256) VALUES ($1, $2)', [name, sha256]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw new Error(`migration ${name} failed and was undone: ${String(error)}`, { cause: error });
  }
}
