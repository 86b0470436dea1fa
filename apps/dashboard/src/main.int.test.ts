import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { migrate } from '@xvision/catalogue';
import { startNats, startPostgres, temporaryFolder } from '@xvision/testing';
import { expect, onTestFinished, test } from 'vitest';

const main = path.join(import.meta.dirname, '..', 'dist', 'main.js');

function start(environment: Record<string, string>): {
  child: ChildProcess;
  said: () => string;
  exit: Promise<number | null>;
} {
  const child = spawn(process.execPath, [main], { env: { PATH: process.env.PATH, API_PORT: '0', ...environment } });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return { child, said: () => said, exit: once(child, 'close').then(([code]) => code as number | null) };
}

test('the process starts before its database has a schema, serves API and page, and ends on SIGTERM with open streams', async () => {
  await using postgres = await startPostgres();
  await using nats = await startNats();
  await using folder = await temporaryFolder();
  const environment = { DATABASE_URL: postgres.url, NATS_URL: nats.url, XVISION_STORE: folder.path };
  const { child, said, exit } = start(environment);
  await expect.poll(said, { timeout: 20_000 }).toContain('waiting for the catalogue');
  const health = /"health":"(http[^"]+)"/.exec(said())?.[1] ?? '';
  expect((await fetch(`${health}/readyz`)).status).toBe(503);

  await migrate(postgres.url);
  await expect.poll(async () => (await fetch(`${health}/readyz`)).status, { timeout: 20_000 }).toBe(200);
  const api = /"api":"(http[^"]+)"/.exec(said())?.[1] ?? '';

  expect((await fetch(`${api}/api/pipeline`)).status).toBe(200);
  const page = await fetch(`${api}/runs/any-address-of-the-page`, { headers: { accept: 'text/html' } });
  expect(await page.text()).toContain('<title>Xvision</title>');
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
  const stream = await fetch(`${api}/api/pipeline/stream`);
  child.kill('SIGTERM');
  await stream.text();
  expect(await exit).toBe(0);
});

test('listening to others without a token is refused with what to do', async () => {
  await using postgres = await startPostgres();
  await using folder = await temporaryFolder();
  await migrate(postgres.url);
  const unreached = 'nats://127.0.0.1:1';
  const environment = {
    DATABASE_URL: postgres.url,
    NATS_URL: unreached,
    XVISION_STORE: folder.path,
    API_HOST: '0.0.0.0',
  };

  const { said, exit } = start(environment);

  expect(await exit).toBe(1);
  expect(said()).toMatch(/refusing to listen on 0\.0\.0\.0.*API_OPERATOR_TOKEN/);
});
