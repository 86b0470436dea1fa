import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freePort } from '../servers/free-port.js';
import { openHome } from './home.js';
import { portIsFree } from './port-is-free.js';
import { startStack } from './start-stack.js';
import { SupervisedService } from './supervisor.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'supervisor-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const READY_SERVICE = `
import { createServer } from 'node:http';
const ready = JSON.stringify({ ready: true, pid: process.pid });
const server = createServer((_, response) => response.end(ready)).listen(Number(process.env.HEALTH_PORT), '127.0.0.1');
process.on('SIGTERM', () => server.close(() => process.exit(0)));
`;

async function service(source: string, log: string[] = []): Promise<SupervisedService> {
  const entry = path.join(folder, 'service.mjs');
  await writeFile(entry, source);
  return supervised('example', { entry, healthUrl: `http://127.0.0.1:${await freePort()}` }, log);
}

function supervised(name: string, at: { entry: string; healthUrl: string }, log: string[] = []): SupervisedService {
  const environment = { HEALTH_PORT: new URL(at.healthUrl).port };
  return new SupervisedService({ name, environment, logFile: path.join(folder, `${name}.log`), ...at }, (line) =>
    log.push(line),
  );
}

describe('SupervisedService', () => {
  test('a killed service is started again and becomes ready', async () => {
    const log: string[] = [];
    await using example = await service(READY_SERVICE, log);
    await example.ready();
    const first = example.pid;

    example.kill('SIGKILL');
    await expect.poll(() => example.pid !== first).toBe(true);
    await example.ready();

    expect(example.restarts).toBe(1);
    expect(log).toEqual(['example ended with SIGKILL; starting it again']);
  });

  test('a service that never gets ready is given up with the end of its log', async () => {
    await using example = await service('console.error("the weights are missing"); process.exit(3);');

    await expect(example.ready()).rejects.toThrow(
      /example service ended with exit code 3 before it was ready.*\n.*the weights are missing/,
    );
  });

  test('a service whose port another one took is not ready because that one is: it is given up with what it said', async () => {
    await using other = await service(READY_SERVICE);
    await other.ready();

    await using late = supervised('late', { entry: path.join(folder, 'service.mjs'), healthUrl: other.healthUrl });

    await expect(late.ready()).rejects.toThrow(
      /late service ended with exit code 1 before it was ready.*\n[^]*EADDRINUSE/,
    );
  });

  test('a stopped service is not started again', async () => {
    const example = await service(READY_SERVICE);
    await example.ready();

    await example.stop();

    await expect(fetch(example.healthUrl)).rejects.toThrow();
    expect(example.restarts).toBe(0);
  });
});

describe('startStack', () => {
  test('a port in use is told with what to do, and nothing is left running', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const home = openHome(path.join(folder, 'stack'));

    const starting = startStack({ home, environment: {}, port, log: () => undefined });

    await expect(starting).rejects.toThrow(
      `port ${port} on 127.0.0.1 is in use by another program. Choose another with --port`,
    );
    other.close();
    await expect.poll(() => portIsFree(port)).toBe(true);
  });
});
