import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openStores, type Stores } from '@xvision/blob-store';
import { type Catalogue, migrate, openCatalogue } from '@xvision/catalogue';
import { type Bus, connectBus, ensureTopology } from '@xvision/message-bus';
import { startNats, startPostgres, temporaryFolder } from '@xvision/testing';

export interface Preprocessor {
  readonly child: ChildProcess;
  readonly output: () => string;
  /** The exit code, or the signal that ended it. */
  readonly exit: Promise<number | string>;
  /** Base of /livez, /readyz and /metrics, once it is ready. */
  readonly url: () => Promise<string>;
}

export interface Surroundings extends AsyncDisposable {
  readonly catalogue: Catalogue;
  readonly stores: Stores;
  readonly bus: Bus;
  start(environment?: Record<string, string>): Preprocessor;
}

/** Servers of its own, and the built service against them. */
export async function startSurroundings(): Promise<Surroundings> {
  const [postgres, nats, folder] = await Promise.all([startPostgres(), startNats(), temporaryFolder()]);
  await migrate(postgres.url);
  const catalogue = openCatalogue({ url: postgres.url, applicationName: 'test', connections: 3 });
  const stores = await openStores({ XVISION_STORE: folder.path });
  const bus = await connectBus({ servers: nats.url, name: 'test' });
  await ensureTopology(bus);
  const started: ChildProcess[] = [];
  const environment = { DATABASE_URL: postgres.url, NATS_URL: nats.url, XVISION_STORE: folder.path };

  return {
    catalogue,
    stores,
    bus,
    start(more = {}) {
      const preprocessor = launch({ ...environment, ...more });
      started.push(preprocessor.child);
      return preprocessor;
    },
    async [Symbol.asyncDispose]() {
      for (const child of started) child.kill('SIGKILL');
      await bus.close();
      await catalogue[Symbol.asyncDispose]();
      await nats.stop();
      await postgres.stop();
      await folder[Symbol.asyncDispose]();
    },
  };
}

function launch(environment: Record<string, string>): Preprocessor {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, '..', 'dist', 'main.js')], {
    // oxlint-disable-next-line node/no-process-env -- a child needs the PATH of whoever starts it
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const exit = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  const url = async () => {
    for (;;) {
      const base = /"health":"(http[^"]+)"/.exec(output)?.[1];
      // Ready without the bus among its checks is the moment before the service has anything to check.
      const readiness = base === undefined ? undefined : await fetch(`${base}/readyz`);
      if (base !== undefined && readiness?.ok === true && (await readiness.text()).includes('bus')) return base;
      if (child.exitCode !== null) throw new Error(`the preprocessor ended:\n${output}`);
      await sleep(25);
    }
  };
  return { child, output: () => output, exit, url };
}
