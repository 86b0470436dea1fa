import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findNatsServer } from './find-nats-server.js';
import { startNatsServer } from './start-nats-server.js';
import { startPostgres } from './start-postgres.js';

/** The cache that all tests of the project share, so that the server is fetched once. */
const cacheDir = process.env['XVISION_CACHE'] ?? path.resolve(import.meta.dirname, '../../../../.xvision/cache');

let folder: string;
let binary: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'xvision-test-'));
  await chmod(folder, 0o755);
  binary = await findNatsServer({ cacheDir });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function takenPort(): Promise<{ port: number } & Disposable> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, [Symbol.dispose]: () => void server.close() };
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

const alive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('startNatsServer', () => {
  test('it listens on the loopback interface, answers monitoring, and writes acknowledged messages through', async () => {
    await using nats = await startNatsServer({ binary, storeDir: path.join(folder, 'nats'), monitoring: true });

    const state = (await (await fetch(`${nats.monitoringUrl}/varz`)).json()) as Record<string, unknown>;

    expect(nats.url).toMatch(/^nats:\/\/127\.0\.0\.1:\d+$/);
    expect(state).toMatchObject({ host: '127.0.0.1', jetstream: { config: { sync_always: true } } });
  });

  test('a second server on the same store is refused with the first one named', async () => {
    const storeDir = path.join(folder, 'nats');
    await using nats = await startNatsServer({ binary, storeDir });

    await expect(startNatsServer({ binary, storeDir })).rejects.toThrow(`process ${nats.pid}`);
  });

  test('after a crash the store opens again and nothing of the dead run is left', async () => {
    const storeDir = path.join(folder, 'crashed');
    const first = await startNatsServer({ binary, storeDir });
    await first.kill();

    await using second = await startNatsServer({ binary, storeDir });

    expect(second.pid).not.toBe(first.pid);
    expect((await readdir(storeDir)).filter((name) => name.startsWith('run-'))).toHaveLength(1);
  });

  test('a port in use is named in the error', async () => {
    using taken = await takenPort();

    await expect(startNatsServer({ binary, storeDir: path.join(folder, 'port'), port: taken.port })).rejects.toThrow(
      `Port ${taken.port} is in use`,
    );
  });

  test('a server does not outlive a process that was killed', async () => {
    const module = path.resolve(import.meta.dirname, '../../dist/index.js');
    const script = `import { startNatsServer } from ${JSON.stringify(module)};
      const nats = await startNatsServer(${JSON.stringify({ binary, storeDir: path.join(folder, 'orphan') })});
      console.log(nats.pid);
      setInterval(() => undefined, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    const pid = Number(said.toString('utf8'));
    expect(alive(pid)).toBe(true);

    child.kill('SIGKILL');

    for (let left = 200; left > 0 && alive(pid); left -= 1) await delay(25);
    expect(alive(pid)).toBe(false);
  });
});

describe('startPostgres', () => {
  test('a killed database keeps what was committed, and a second server on its folder is refused', async () => {
    const dataDir = path.join(folder, 'postgres');
    const first = await startPostgres({ dataDir });
    await query(first.url, 'CREATE TABLE image (id int); INSERT INTO image VALUES (1)');
    await expect(startPostgres({ dataDir })).rejects.toThrow(`process ${first.pid}, port ${first.port}`);

    await first.kill();
    await using second = await startPostgres({ dataDir });

    expect(await query(second.url, 'SELECT id FROM image')).toEqual([{ id: 1 }]);
    expect(await query(second.url, 'SHOW fsync')).toEqual([{ fsync: 'on' }]);
    expect((await readdir(folder)).filter((name) => name.startsWith('.initdb'))).toEqual([]);
  });

  test('a port in use is named in the error', async () => {
    using taken = await takenPort();

    await expect(startPostgres({ dataDir: path.join(folder, 'postgres'), port: taken.port })).rejects.toThrow(
      `Port ${taken.port} is in use`,
    );
  });

  test('root may keep the data in a folder that is closed to others, such as its home', async () => {
    const closed = await mkdtemp(path.join(folder, 'closed-'));
    expect((await stat(closed)).mode & 0o077).toBe(0);

    await using postgres = await startPostgres({ dataDir: path.join(closed, 'data'), settings: { fsync: 'off' } });

    expect(await query(postgres.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('a wrong password is refused, also on this machine', async () => {
    await using postgres = await startPostgres({ dataDir: path.join(folder, 'postgres') });
    const url = new URL(postgres.url);
    url.password = 'guess';

    await expect(query(url.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
  });
});
