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
const server = createServer((_, response) => response.end('ok')).listen(Number(process.env.HEALTH_PORT), '127.0.0.1');
process.on('SIGTERM', () => server.close(() => process.exit(0)));
`;

async function service(source: string, log: string[] = []): Promise<SupervisedService> {
  const entry = path.join(folder, 'service.mjs');
  await writeFile(entry, source);
  const port = await freePort();
  const definition = {
    name: 'example',
    entry,
    environment: { HEALTH_PORT: String(port) },
    healthUrl: `http://127.0.0.1:${port}`,
    logFile: path.join(folder, 'example.log'),
  };
  return new SupervisedService(definition, (line) => log.push(line));
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
