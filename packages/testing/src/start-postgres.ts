import path from 'node:path';
import { startPostgres as startServer } from '@xvision/local-stack';
import { Client, escapeIdentifier } from 'pg';
import { temporaryFolder } from './temporary-folder.js';

export interface TestPostgres extends AsyncDisposable {
  /** Of an empty database that nothing else uses. */
  readonly url: string;
  readonly pid: number;
  /** Holds all that the server writes. */
  readonly folder: string;
  /**
   * The URL of a further database (20 ms); `template` copies an existing one, schema and rows. Nobody may be connected to
   * the template meanwhile.
   */
  createDatabase(options?: { template?: string }): Promise<string>;
  /** SIGKILL; what was committed is there after {@link restart}. */
  kill(): Promise<void>;
  /** Starts it again on the same port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Half a second to a fresh cluster; a test's data need not survive a power cut of the machine. Commits stay synchronous:
 * a killed server must keep what it committed.
 */
const QUICK = {
  fsync: 'off',
  full_page_writes: 'off',
  io_method: 'sync',
  shared_buffers: '32MB',
  autovacuum: 'off',
};

/** A PostgreSQL server of its own for one test file, gone with its data when the block ends. */
export async function startPostgres(): Promise<TestPostgres> {
  const folder = await temporaryFolder();
  const launch = (port: number) => startServer({ dataDir: path.join(folder.path, 'data'), port, settings: QUICK });
  let server = await launch(0);
  let databases = 0;

  const createDatabase = async ({ template }: { template?: string } = {}) => {
    databases += 1;
    const name = `test_${databases}`;
    const from = template === undefined ? 'template1' : new URL(template).pathname.slice(1);
    const client = new Client({ connectionString: server.url });
    await client.connect();
    try {
      await client.query(`CREATE DATABASE ${name} TEMPLATE ${escapeIdentifier(from)}`);
    } finally {
      await client.end();
    }
    const url = new URL(server.url);
    url.pathname = `/${name}`;
    return url.href;
  };
  const stop = async () => {
    await server.kill();
    await folder[Symbol.asyncDispose]();
  };
  return {
    url: await createDatabase(),
    get pid() {
      return server.pid;
    },
    folder: folder.path,
    createDatabase,
    kill: () => server.kill(),
    async restart() {
      await server.kill();
      server = await launch(server.port);
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
