import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type ChildServer, spawnServer } from './child-server.js';
import { freePort } from './free-port.js';
import { initialisePostgres, POSTGRES_USER, readPassword } from './initialise-postgres.js';
import { commandOnFolder, postgresAccount } from './postgres-account.js';
import { type PostgresBinaries, postgresBinaries } from './postgres-binaries.js';

export interface StartPostgresOptions {
  /** The data folder: made on the first start (3 to 5 s), used again on the next. */
  readonly dataDir: string;
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Further server settings, for example `{ fsync: 'off' }` in a test. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Told when the first start takes longer than a usual one. */
  readonly log?: (message: string) => void;
}

export interface PostgresServer extends AsyncDisposable {
  /** Of the database `postgres`, with user and password. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Resolves when the process has ended, whoever ended it. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
  /** SIGKILL, as a crash would; what was committed is there after the next start. */
  kill(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;

/** SIGINT is PostgreSQL's fast shutdown: clients are cut off, a checkpoint is written. */
const STOP = { signal: 'SIGINT', graceMs: 30_000 } as const;
const READY = 'database system is ready to accept connections';
const PORTS_TO_TRY = 5;

const exists = (file: string) =>
  stat(file).then(
    () => true,
    () => false,
  );

/** The process that has the data folder open, and where it answers; undefined when none is alive. */
async function runningOn(dataDir: string): Promise<{ pid: number; port: string } | undefined> {
  const lines = (await readFile(path.join(dataDir, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const pid = Number.parseInt(lines[0] ?? '', 10);
  if (!Number.isInteger(pid)) return undefined;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return undefined;
  }
  return { pid, port: lines[3] ?? 'unknown' };
}

/** After a crash the number in `postmaster.pid` may belong to another program; PostgreSQL checks that by itself. */
async function refuseSecondServer(dataDir: string): Promise<void> {
  const other = await runningOn(dataDir);
  if (other === undefined) return;
  const command = await readFile(`/proc/${other.pid}/cmdline`, 'utf8').catch(() => 'postgres');
  if (!command.includes('postgres')) return;
  throw new Error(
    `PostgreSQL (process ${other.pid}, port ${other.port}) runs on ${dataDir} already: ` +
      'stop it first, or use it by DATABASE_URL.',
  );
}

function explain(server: ChildServer, dataDir: string, port: number): Error {
  const said = server.output().trim();
  if (/Address already in use/i.test(said)) {
    return new Error(`Port ${port} is in use: stop what listens there, or choose another port for PostgreSQL.`);
  }
  return new Error(`PostgreSQL did not start on ${dataDir}: ${said || 'it said nothing within 60 s'}`);
}

async function ready(server: ChildServer): Promise<boolean> {
  const until = Date.now() + START_TIMEOUT_MS;
  let over = false;
  void server.ended.then(() => {
    over = true;
  });
  while (!over && Date.now() < until) {
    if (server.output().includes(READY)) return true;
    await delay(10);
  }
  return false;
}

async function launch(binaries: PostgresBinaries, port: number, options: StartPostgresOptions): Promise<ChildServer> {
  // No socket file: nothing is left outside the data folder. The log goes to us, in English, whatever the machine speaks.
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    lc_messages: 'C',
    ...options.settings,
  };
  const args = ['-D', options.dataDir, '-p', String(port)];
  for (const [name, value] of Object.entries(settings)) args.push('-c', `${name}=${value}`);
  return spawnServer(
    await commandOnFolder(await postgresAccount(), options.dataDir, { file: binaries.postgres, args }),
  );
}

/** Starts PostgreSQL on the loopback interface; resolves when it takes connections. It ends with this process. */
export async function startPostgres(options: StartPostgresOptions): Promise<PostgresServer> {
  const dataDir = path.resolve(options.dataDir);
  const binaries = await postgresBinaries();
  await refuseSecondServer(dataDir);
  if (!(await exists(path.join(dataDir, 'PG_VERSION')))) {
    options.log?.(`making the database's folder ${dataDir}`);
    await initialisePostgres(dataDir, binaries, { durable: options.settings?.['fsync'] !== 'off' });
  }
  const password = await readPassword(dataDir);
  if (password === undefined) {
    throw new Error(`${dataDir} holds a PostgreSQL database that Xvision did not make; choose another folder.`);
  }
  const chosen = options.port ?? 0;
  for (let attempt = 1; ; attempt += 1) {
    const port = chosen === 0 ? await freePort() : chosen;
    const server = await launch(binaries, port, { ...options, dataDir });
    if (await ready(server)) {
      const stop = () => server.stop(STOP);
      return {
        url: `postgresql://${POSTGRES_USER}:${password}@127.0.0.1:${port}/postgres`,
        port,
        pid: server.pid,
        ended: server.ended,
        stop,
        kill: () => server.kill(),
        [Symbol.asyncDispose]: stop,
      };
    }
    await server.kill();
    const failure = explain(server, dataDir, port);
    const taken = failure.message.startsWith('Port');
    if (chosen !== 0 || !taken || attempt === PORTS_TO_TRY) throw failure;
  }
}
