import { setTimeout as sleep } from 'node:timers/promises';

/** What the servers of this package have in common. */
interface RunningServer {
  readonly url: string;
  readonly port: number;
  readonly ended: Promise<void>;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

export interface KeptServer {
  readonly url: string;
  /** Ends it as a crash would; it is started again. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

const RESTART_DELAY_MS = 500;

/**
 * Starts a server and starts it again on the same port whenever it ends by itself, so that the services' own
 * retries find it where it was.
 */
export async function keepServer(
  name: string,
  start: (port: number) => Promise<RunningServer>,
  log: (line: string) => void,
): Promise<KeptServer> {
  let server = await start(0);
  const { url, port } = server;
  let stopping = false;
  const watch = async () => {
    for (;;) {
      await server.ended;
      if (stopping) return;
      log(`${name} ended by itself; starting it again`);
      await sleep(RESTART_DELAY_MS);
      const next = await start(port).catch((error: unknown) => {
        log(`${name} could not be started again: ${error instanceof Error ? error.message : String(error)}`);
        return undefined;
      });
      if (next === undefined) return;
      server = next;
    }
  };
  const watched = watch();
  return {
    url,
    crash: () => server.kill(),
    stop: async () => {
      stopping = true;
      await server.stop();
      await watched;
    },
  };
}
