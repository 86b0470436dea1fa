import { existsSync } from 'node:fs';
import { Client } from 'pg';
import { describe, expect, test } from 'vitest';
import { startPostgres } from './start-postgres.js';

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

describe('startPostgres', () => {
  test('databases are apart, copies keep rows, a killed server keeps what was committed, nothing runs afterwards', async () => {
    let pid = 0;
    let folder = '';
    {
      await using postgres = await startPostgres();
      await query(postgres.url, 'CREATE TABLE image (id int); INSERT INTO image VALUES (1), (2)');

      const empty = await postgres.createDatabase();
      const copy = await postgres.createDatabase({ template: postgres.url });
      expect(await query(empty, `SELECT to_regclass('image') AS found`)).toEqual([{ found: null }]);
      expect(await query(copy, 'SELECT count(*)::int AS images FROM image')).toEqual([{ images: 2 }]);

      await postgres.kill();
      await postgres.restart();
      expect(await query(postgres.url, 'SELECT count(*)::int AS images FROM image')).toEqual([{ images: 2 }]);
      ({ pid, folder } = postgres);
    }

    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(existsSync(folder)).toBe(false);
  });

  test('text sorts by code point on every machine', async () => {
    await using postgres = await startPostgres();

    const rows = await query(
      postgres.url,
      `SELECT name FROM (VALUES ('b'), ('B'), ('ä'), ('a')) AS t(name) ORDER BY name`,
    );

    expect(rows.map((row) => row['name'])).toEqual(['B', 'a', 'b', 'ä']);
  });
});
