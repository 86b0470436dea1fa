import path from 'node:path';
import { findNatsServer, startNatsServer } from '@xvision/local-stack';
import { temporaryFolder } from './temporary-folder.js';
import { testCache } from './test-cache.js';

export interface TestNats extends AsyncDisposable {
  readonly url: string;
  /** Holds all that the server writes. */
  readonly folder: string;
  /** Process id of the server that runs now. */
  readonly pid: number;
  /** SIGKILL: what it had not written is gone, as in a crash. */
  kill(): Promise<void>;
  /** Starts it again on the same port; `keepStore: false` first loses everything that it held. */
  restart(options?: { keepStore?: boolean }): Promise<void>;
  stop(): Promise<void>;
}

/** A JetStream server of its own for one test or file (20 ms), gone with its data when the block ends. */
export async function startNats(options: { token?: string; syncAlways?: boolean } = {}): Promise<TestNats> {
  const binary = await findNatsServer({ cacheDir: testCache() });
  const folder = await temporaryFolder();
  let generation = 0;
  const launch = (port: number) =>
    startNatsServer({ binary, port, storeDir: path.join(folder.path, `store-${generation}`), ...options });
  let server = await launch(0);

  const stop = async () => {
    await server.stop();
    await folder[Symbol.asyncDispose]();
  };
  return {
    url: server.url,
    folder: folder.path,
    get pid() {
      return server.pid;
    },
    kill: () => server.kill(),
    async restart({ keepStore = true } = {}) {
      await server.kill();
      if (!keepStore) generation += 1;
      server = await launch(server.port);
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
