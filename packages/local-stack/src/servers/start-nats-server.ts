import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type ChildServer, spawnServer } from './child-server.js';

export interface StartNatsServerOptions {
  /** Path of the nats-server to run, see {@link findNatsServer}. */
  readonly binary: string;
  /** Holds the streams; used again on the next start. */
  readonly storeDir: string;
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Clients must present it. */
  readonly token?: string;
  /** Write each acknowledged message through to the disk at once (the default), so that it survives a power cut. */
  readonly syncAlways?: boolean;
  /** Also answer HTTP monitoring requests on any free port of the loopback interface. */
  readonly monitoring?: boolean;
}

export interface NatsServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Base address of the monitoring endpoint, when it was asked for. */
  readonly monitoringUrl?: string;
  /** Resolves when the process has ended, whoever ended it. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
  /** SIGKILL, as a crash would; the store stays for the next start. */
  kill(): Promise<void>;
}

const START_TIMEOUT_MS = 20_000;
const STOP = { signal: 'SIGINT', graceMs: 10_000 } as const;

/**
 * Port -1 lets the server choose and say which.
 * The account may hold 8 GiB of streams, so that the limits of all streams together can be reserved.
 */
function configuration(options: StartNatsServerOptions): string {
  const port = options.port === undefined || options.port === 0 ? -1 : options.port;
  return [
    `listen: "127.0.0.1:${port}"`,
    ...(options.monitoring === true ? ['http: "127.0.0.1:-1"'] : []),
    ...(options.token === undefined ? [] : [`authorization { token: ${JSON.stringify(options.token)} }`]),
    `jetstream {`,
    `  store_dir: ${JSON.stringify(options.storeDir)}`,
    ...(options.syncAlways === false ? [] : ['  sync_interval: always']),
    `  max_file_store: 8GiB`,
    `  max_memory_store: 64MiB`,
    `}`,
    '',
  ].join('\n');
}

function explain(server: ChildServer, options: StartNatsServerOptions): Error {
  const said = server
    .output()
    .split('\n')
    .filter((line) => /\[(FTL|ERR)\]|nats-server:/.test(line))
    .map((line) => line.replace(/^\[\d+\] \S+ \S+ /, ''))
    .join('; ');
  if (/address already in use/.test(said)) {
    return new Error(`Port ${options.port} is in use: stop what listens there, or choose another port for NATS.`);
  }
  return new Error(`nats-server did not start (store ${options.storeDir}): ${said || server.output().trim()}`);
}

async function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const answer = (value: boolean) => {
      socket.destroy();
      resolve(value);
    };
    socket.once('data', (chunk) => answer(chunk.toString('utf8').startsWith('INFO')));
    socket.once('error', () => answer(false));
    socket.setTimeout(1_000, () => answer(false));
  });
}

interface Ports {
  readonly nats?: readonly string[];
  readonly monitoring?: readonly string[];
}

/** Waits until the server has written which ports it took, is ready (JetStream included) and answers. */
async function ready(server: ChildServer, folder: string): Promise<Ports | undefined> {
  const until = Date.now() + START_TIMEOUT_MS;
  let over = false;
  void server.ended.then(() => {
    over = true;
  });
  while (!over && Date.now() < until) {
    const text = await readFile(path.join(folder, `nats-server_${server.pid}.ports`), 'utf8').catch(() => '');
    if (text.endsWith('}') && server.output().includes('Server is ready')) {
      const ports = JSON.parse(text) as Ports;
      const url = ports.nats?.[0];
      if (url !== undefined && (await accepts(Number(new URL(url).port)))) return ports;
    }
    await delay(10);
  }
  return undefined;
}

/** nats-server itself would open a store that another one has open, and both would spoil it. Sweeps what a crash left. */
async function refuseSecondServer(storeDir: string): Promise<void> {
  const runs = (await readdir(storeDir)).filter((name) => name.startsWith('run-'));
  for (const run of runs) {
    const folder = path.join(storeDir, run);
    const ports = (await readdir(folder)).find((name) => name.endsWith('.ports'));
    const text = ports === undefined ? '' : await readFile(path.join(folder, ports), 'utf8').catch(() => '');
    const address = text.endsWith('}') ? (JSON.parse(text) as Ports).nats?.[0] : undefined;
    if (address !== undefined && (await accepts(Number(new URL(address).port)))) {
      throw new Error(
        `A nats-server (process ${/_(\d+)\.ports$/.exec(ports ?? '')?.[1] ?? 'unknown'}) runs on ${storeDir} already ` +
          `and answers at ${address}: stop it first, or use it by NATS_URL.`,
      );
    }
    await rm(folder, { recursive: true, force: true });
  }
}

/** Starts a JetStream server on the loopback interface; resolves when it takes requests. It ends with this process. */
export async function startNatsServer(options: StartNatsServerOptions): Promise<NatsServer> {
  await mkdir(options.storeDir, { recursive: true });
  await refuseSecondServer(options.storeDir);
  const folder = await mkdtemp(path.join(options.storeDir, 'run-'));
  const file = path.join(folder, 'nats-server.conf');
  await writeFile(file, configuration(options), { mode: 0o600 });
  const server = await spawnServer({ file: options.binary, args: ['--config', file, '--ports_file_dir', folder] });
  const ports = await ready(server, folder);
  const address = ports?.nats?.[0];
  if (address === undefined) {
    await server.kill();
    await rm(folder, { recursive: true, force: true });
    throw explain(server, options);
  }
  const port = Number(new URL(address).port);
  const monitoring = ports?.monitoring?.[0];
  const close = async (end: () => Promise<void>) => {
    await end();
    await rm(folder, { recursive: true, force: true });
  };
  const stop = () => close(() => server.stop(STOP));
  return {
    url: `nats://127.0.0.1:${port}`,
    port,
    pid: server.pid,
    ...(monitoring === undefined ? {} : { monitoringUrl: monitoring }),
    ended: server.ended,
    stop,
    kill: () => close(() => server.kill()),
    [Symbol.asyncDispose]: stop,
  };
}
