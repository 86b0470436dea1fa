import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Catalogue } from './catalogue.js';
import { keepHeartbeat } from './heartbeat.js';
import { listServiceInstances, recordServiceStarted } from './queries/service-instances.js';
import { startCatalogue, type TestCatalogue } from './test-catalogue.js';

let started: TestCatalogue;
let catalogue: Catalogue;
beforeAll(async () => {
  started = await startCatalogue();
  catalogue = started.catalogue;
});
afterAll(() => started[Symbol.asyncDispose]());

const log = { info: () => undefined, warn: () => undefined };
const find = async (name: string) =>
  (await listServiceInstances(catalogue, { limit: 100 })).filter((one) => one.name === name);

test('a service is alive with what it computes with, tells what is wrong, and is stopped when it ends', async () => {
  let broken = false;
  const beating = await keepHeartbeat(catalogue, {
    name: 'extractor',
    version: '0.1.0',
    engine: { label: 'onnx-cpu', reason: 'asked for' },
    readiness: () => Promise.resolve({ checks: { catalogue: 'ok', bus: broken ? 'no answer' : 'ok' } }),
    log,
    everyMs: 20,
  });
  expect(await find('extractor')).toMatchObject([
    { standing: 'alive', health: 'ok', engine: 'onnx-cpu', engineReason: 'asked for', pid: process.pid },
  ]);

  broken = true;
  await expect.poll(async () => (await find('extractor'))[0]?.health).toBe('bus: no answer');
  await beating[Symbol.asyncDispose]();

  expect(await find('extractor')).toMatchObject([{ standing: 'stopped', stoppedAt: expect.any(Date) }]);
});

test('a service that was killed is silent, and every start is a line of the history, newest first', async () => {
  const id = (n: number) => `01890000-0000-7000-8000-00000000000${n}`;
  const common = { name: 'trainer', version: '0.1.0', host: 'here', pid: 1 };
  await recordServiceStarted(catalogue, { ...common, id: id(1) });
  await catalogue.prisma.$executeRaw`
    UPDATE service_instance SET started_at = now() - interval '1 hour', seen_at = now() - interval '1 minute'
    WHERE id = ${id(1)}::uuid`;
  await recordServiceStarted(catalogue, { ...common, id: id(2) });

  const [second, first] = await find('trainer');

  expect(second).toMatchObject({ id: id(2), standing: 'alive' });
  expect(first).toMatchObject({ id: id(1), standing: 'silent', stoppedAt: null });
  const older = await listServiceInstances(catalogue, { before: id(2), limit: 100 });
  expect(older.map((one) => one.id)).toContain(id(1));
  expect(older.map((one) => one.id)).not.toContain(id(2));
});

test('what ended a month ago is forgotten', async () => {
  const common = { name: 'relay', version: '0.1.0', host: 'here', pid: 1 };
  await recordServiceStarted(catalogue, { ...common, id: '01890000-0000-7000-8000-000000000008' });
  await catalogue.prisma.$executeRaw`
    UPDATE service_instance SET seen_at = now() - interval '31 days' WHERE name = 'relay'`;

  await recordServiceStarted(catalogue, { ...common, id: '01890000-0000-7000-8000-000000000009' });

  expect((await find('relay')).map((one) => one.id)).toEqual(['01890000-0000-7000-8000-000000000009']);
});
