import { startPostgres } from '@xvision/testing';
import { Client } from 'pg';
import { expect, test } from 'vitest';
import { openCatalogue } from './catalogue.js';
import { migrate } from './migrate.js';
import { readMigrations } from './migrations.js';

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test('several processes may migrate one database at once; each file is applied once', async () => {
  await using postgres = await startPostgres();
  const names = (await readMigrations()).map((file) => file.name);

  const applied = await Promise.all([migrate(postgres.url), migrate(postgres.url), migrate(postgres.url)]);

  expect(applied.flat()).toEqual(names);
  expect(await query(postgres.url, 'SELECT name FROM applied_migration ORDER BY name')).toEqual(
    names.map((name) => ({ name })),
  );
});

test('a changed migration stops the migration and leaves the database as it was', async () => {
  await using postgres = await startPostgres();
  await migrate(postgres.url);
  await query(postgres.url, `UPDATE applied_migration SET sha256 = 'another' WHERE name LIKE '0001%'`);

  await expect(migrate(postgres.url)).rejects.toThrow(/0001-catalogue\.sql was changed/);
});

test('a service waits for a database that is not there, then for its schema, says so, and goes on', async () => {
  await using postgres = await startPostgres();
  await postgres.kill();
  const said: string[] = [];
  const note = (details: object, message: string) => said.push(`${message} ${JSON.stringify(details)}`);
  const log = { info: note, warn: note };
  await using catalogue = openCatalogue({ url: postgres.url, applicationName: 'test', log });
  const hears = (text: string) => expect.poll(() => said.join('\n'), { timeout: 10_000 }).toContain(text);

  const ready = catalogue.ready();
  await hears('the database does not answer');
  await postgres.restart();
  await hears('its schema is not there yet');
  await migrate(postgres.url);
  await ready;

  await hears('the catalogue is there');
});

test('the wait for the database ends when the service is asked to stop', async () => {
  await using catalogue = openCatalogue({ url: 'postgresql://nobody@127.0.0.1:1/nothing', applicationName: 'test' });
  const stop = new AbortController();

  const ready = catalogue.ready({ signal: stop.signal });
  stop.abort();

  await expect(ready).rejects.toMatchObject({ name: 'AbortError' });
});
