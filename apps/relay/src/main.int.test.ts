import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { openCatalogue } from '@xvision/catalogue';
import { connectBus } from '@xvision/message-bus';
import { startNats, startPostgres } from '@xvision/testing';
import { expect, onTestFinished, test } from 'vitest';
import { emitEvents, everythingPublished, idsIn } from './test-relay.js';

const MAIN = path.join(import.meta.dirname, '..', 'dist', 'main.js');
const fast = { timeout: 20_000, interval: 20 };

interface Started {
  readonly child: ChildProcess;
  readonly output: () => string;
}

function start(environment: Record<string, string>): Started {
  const child = spawn(process.execPath, [MAIN], { env: { PATH: process.env['PATH'] ?? '', ...environment } });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { child, output: () => output };
}

const says = async (started: Started, text: string) => await expect.poll(started.output, fast).toContain(text);

test('the process waits for its servers, migrates, relays, answers probes, and drains on SIGTERM', async () => {
  await using postgres = await startPostgres();
  await using nats = await startNats();
  await postgres.kill();
  await nats.kill();
  const environment = { DATABASE_URL: postgres.url, NATS_URL: nats.url };
  const relay = start(environment);
  await says(relay, 'PostgreSQL cannot be reached yet');
  await postgres.restart();
  await says(relay, 'NATS cannot be reached');
  await nats.restart();
  await says(relay, 'leading the outbox');
  await using catalogue = openCatalogue({ url: postgres.url, applicationName: 'test' });
  await using bus = await connectBus({ servers: nats.url, name: 'test' });

  const health = /"health":"(http[^"]+)"/.exec(relay.output())?.[1] ?? '';
  await expect.poll(async () => (await fetch(`${health}/readyz`)).status, fast).toBe(200);
  const ids = await emitEvents(catalogue, 3000);
  await expect.poll(async () => (await bus.streamsState()).some((one) => one.lastSequence > 0), fast).toBe(true);
  const exit = once(relay.child, 'exit');
  relay.child.kill('SIGTERM');

  expect((await exit)[0]).toBe(0);
  start(environment);
  await everythingPublished(catalogue);
  expect(await idsIn(bus, 'XV_RUNS')).toEqual(ids);
});

test('metrics tell the age of the outbox, dead letters and who leads, even while the database is away', async () => {
  await using postgres = await startPostgres();
  await using nats = await startNats();
  const relay = start({ DATABASE_URL: postgres.url, NATS_URL: nats.url });
  await says(relay, 'leading the outbox');
  const health = /"health":"(http[^"]+)"/.exec(relay.output())?.[1] ?? '';
  const metrics = async () => await (await fetch(`${health}/metrics`)).text();

  const there = await metrics();
  await postgres.kill();

  expect(there).toMatch(/xvision_outbox_age_seconds\{service="relay"\} 0\n/);
  expect(there).toMatch(/xvision_dead_letters_open\{service="relay"\} 0\n/);
  expect(there).toMatch(/xvision_relay_leads\{service="relay"\} 1\n/);
  // A kept connection may have been closed for idleness while the database was killed; the next one answers.
  await expect.poll(metrics).toMatch(/xvision_outbox_age_seconds\{service="relay"\} nan\n/i);
  await postgres.restart();
});
