import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';

const packageFolder = path.join(import.meta.dirname, '..');

interface Started {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly exit: Promise<number | null>;
}

/** Starts a process of its own with this body in runService. */
function start(body: string, environment: Record<string, string> = {}): Started {
  const script = `import { runService } from '@xvision/service-kit';\nawait runService('tried', async (service) => { ${body} });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: packageFolder,
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exit = once(child, 'close').then(([code]) => code as number | null);
  return { child, output: () => output, exit };
}

async function said(started: Started, text: string): Promise<void> {
  const until = Date.now() + 10_000;
  while (!started.output().includes(text)) {
    if (Date.now() > until) throw new Error(`never said ${text}:\n${started.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function healthUrl(started: Started): Promise<string> {
  await said(started, '"started"');
  const url = /"health":"(http[^"]+)"/.exec(started.output())?.[1];
  if (url === undefined) throw new Error('no health address in the log');
  return url;
}

describe('the end of a process', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    '%s lets the body finish what is in hand, then the exit code is 0',
    async (signal) => {
      const started = start(`await service.shutdown; service.log.info('finished the work in hand');`);
      await said(started, '"started"');

      started.child.kill(signal);

      expect(await started.exit).toBe(0);
      expect(started.output()).toContain('finished the work in hand');
    },
  );

  test('a second signal ends a body that does not end', async () => {
    const started = start(`await new Promise((resolve) => setTimeout(resolve, 60_000));`);
    await said(started, '"started"');

    started.child.kill('SIGTERM');
    await said(started, '"stopping"');
    started.child.kill('SIGTERM');

    expect(await started.exit).toBe(130);
  });

  test('an error in the body is logged with its cause and the exit code is 1', async () => {
    const started = start(`throw new Error('no catalogue', { cause: new Error('connection refused') });`);

    expect(await started.exit).toBe(1);
    expect(started.output()).toMatch(/"level":"fatal".*no catalogue.*connection refused/);
  });

  test('an error nobody awaited ends the process too', async () => {
    const started = start(`void Promise.reject(new Error('forgotten')); await service.shutdown;`);

    expect(await started.exit).toBe(1);
    expect(started.output()).toMatch(/"level":"fatal".*forgotten/);
  });

  test('waiting for a server is broken off by SIGTERM without an error', async () => {
    const started = start(`
      const { untilReachable } = await import('@xvision/service-kit');
      await untilReachable(() => Promise.reject(new Error('refused')), { what: 'NATS', log: service.log, signal: service.stopping });`);
    await said(started, 'NATS cannot be reached yet');

    started.child.kill('SIGTERM');

    expect(await started.exit).toBe(0);
  });

  test('a bad environment is one error that names every variable', async () => {
    const started = start('', { HEALTH_PORT: 'abc', LOG_LEVEL: 'loud' });

    expect(await started.exit).toBe(1);
    expect(started.output()).toMatch(/HEALTH_PORT/);
    expect(started.output()).toMatch(/LOG_LEVEL/);
  });

  test('a child whose stack was killed ends by itself', async () => {
    const stack = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    onTestFinished(() => void stack.kill('SIGKILL'));
    const started = start('await service.shutdown;', { XVISION_PARENT: String(stack.pid) });
    await said(started, '"started"');

    stack.kill('SIGKILL');

    expect(await started.exit).toBe(0);
    expect(started.output()).toContain('the process that started this one is gone');
  });
});

describe('health', () => {
  test('/livez, /readyz and /metrics answer on loopback, and readiness names what is wrong', async () => {
    const started = start(`
      service.health.ready('database', () => undefined);
      service.health.ready('bus', () => Promise.reject(new Error('not connected')));
      service.metrics.counter({ name: 'images_total', help: 'images' }).inc(3);
      await service.shutdown;`);
    const url = await healthUrl(started);

    const [live, ready, metrics] = await Promise.all(
      ['/livez', '/readyz', '/metrics'].map((page) => fetch(url + page)),
    );

    expect(live?.status).toBe(200);
    expect(ready?.status).toBe(503);
    expect(await ready?.json()).toEqual({
      ready: false,
      checks: { database: 'ok', bus: 'not connected' },
      pid: started.child.pid,
    });
    expect(await metrics?.text()).toContain('images_total{service="tried"} 3');
    expect((await fetch(`${url}/other`)).status).toBe(404);
  });

  test('a service that has not named its checks yet is not ready', async () => {
    const started = start('await service.shutdown;');
    const url = await healthUrl(started);

    const ready = await fetch(`${url}/readyz`);

    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({ ready: false, checks: { process: 'starting' }, pid: started.child.pid });
  });

  test('a port in use is a clear error', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;

    const started = start('await service.shutdown;', { HEALTH_PORT: String(port) });

    expect(await started.exit).toBe(1);
    expect(started.output()).toMatch(new RegExp(`port ${port} on 127.0.0.1 is in use. Set HEALTH_PORT to a free port`));
  });
});
