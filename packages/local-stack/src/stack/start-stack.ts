import path from 'node:path';
import { findNatsServer } from '../servers/find-nats-server.js';
import { freePort } from '../servers/free-port.js';
import { startNatsServer } from '../servers/start-nats-server.js';
import { startPostgres } from '../servers/start-postgres.js';
import { type Home, projectRoot, serviceEntry } from './home.js';
import { type KeptServer, keepServer } from './keep-server.js';
import { portIsFree } from './port-is-free.js';
import { findRunningStack, removeStackRecord, type StackRecord, writeStackRecord } from './stack-file.js';
import { claimStart } from './start-claim.js';
import { type ServiceDefinition, SupervisedService } from './supervisor.js';

/** The services of the pipeline, in the order in which they are started; the relay brings the catalogue's schema. */
export const SERVICES = ['relay', 'dashboard', 'scraper', 'preprocessor', 'extractor', 'trainer', 'evaluator'] as const;
export type ServiceName = (typeof SERVICES)[number];

export const DEFAULT_API_PORT = 4680;

export interface StackOptions {
  readonly home: Home;
  /** The caller's environment; DATABASE_URL and NATS_URL in it replace the embedded servers. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A port for the API; undefined takes {@link DEFAULT_API_PORT}, 0 any free one. */
  readonly port?: number | undefined;
  /** Variables for all services, on top of the caller's environment. */
  readonly serviceEnvironment?: Readonly<Record<string, string>>;
  readonly services?: readonly ServiceName[];
  readonly log: (line: string) => void;
}

export interface LocalStack extends AsyncDisposable {
  readonly record: StackRecord;
  readonly database: KeptServer;
  readonly broker: KeptServer;
  service(name: ServiceName): SupervisedService;
  stop(): Promise<void>;
}

/** Where downloads are kept: `XVISION_CACHE`, else `.xvision/cache` inside the project. */
export function cacheFolder(environment: StackOptions['environment']): string {
  return path.resolve(environment['XVISION_CACHE'] ?? path.join(projectRoot, '.xvision', 'cache'));
}

/** A server that somebody else runs is neither stopped nor crashed from here. */
const given = (url: string): KeptServer => ({
  url,
  stop: () => Promise.resolve(),
  crash: () => Promise.reject(new Error(`the server at ${url} was not started here`)),
});

async function openDatabase({ home, environment, log }: StackOptions): Promise<KeptServer> {
  const url = environment['DATABASE_URL'];
  if (url !== undefined) return given(url);
  log('starting PostgreSQL');
  return keepServer('PostgreSQL', (port) => startPostgres({ dataDir: home.postgres, port }), log);
}

async function openBroker({ home, environment, log }: StackOptions): Promise<KeptServer> {
  const url = environment['NATS_URL'];
  if (url !== undefined) return given(url);
  const binary = await findNatsServer({ cacheDir: cacheFolder(environment), log });
  log('starting nats-server');
  return keepServer('nats-server', (port) => startNatsServer({ binary, storeDir: home.nats, port }), log);
}

async function chooseApiPort(port = DEFAULT_API_PORT): Promise<number> {
  if (port === 0) return freePort();
  if (await portIsFree(port)) return port;
  throw new Error(
    `port ${port} on 127.0.0.1 is in use by another program. Choose another with --port, or --port 0 for any free one.`,
  );
}

/** A package manager's own variables stay behind; everything else is passed on. */
function inherited(environment: StackOptions['environment']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('npm_'),
    ),
  );
}

/** Everything that can be wrong with a definition is found before the first process is started. */
async function defineServices(
  options: StackOptions,
  shared: Readonly<Record<string, string>>,
): Promise<(ServiceDefinition & { name: ServiceName })[]> {
  const definitions = [];
  for (const name of options.services ?? SERVICES) {
    const healthPort = await freePort();
    definitions.push({
      name,
      entry: serviceEntry(name),
      environment: { ...shared, HEALTH_PORT: String(healthPort) },
      healthUrl: `http://127.0.0.1:${healthPort}`,
      logFile: path.join(options.home.logs, `${name}.log`),
    });
  }
  return definitions;
}

/** Ends things in the reverse order of their start. */
class Closer {
  readonly #closers: (() => Promise<unknown>)[] = [];

  add<Thing>(thing: Thing, close: (thing: Thing) => Promise<unknown>): Thing {
    this.#closers.push(() => close(thing));
    return thing;
  }

  async close(): Promise<void> {
    for (let last = this.#closers.pop(); last !== undefined; last = this.#closers.pop()) await last();
  }
}

async function open(options: StackOptions, closer: Closer): Promise<LocalStack> {
  const { home, environment, log } = options;
  const apiPort = await chooseApiPort(options.port);
  const database = closer.add(await openDatabase(options), (server) => server.stop());
  const broker = closer.add(await openBroker(options), (server) => server.stop());
  closer.add(home, async () => removeStackRecord(home));

  log('starting the services');
  const definitions = await defineServices(options, {
    ...inherited(environment),
    DATABASE_URL: database.url,
    NATS_URL: broker.url,
    XVISION_STORE: home.store,
    XVISION_CACHE: cacheFolder(environment),
    API_HOST: '127.0.0.1',
    API_PORT: String(apiPort),
    ...options.serviceEnvironment,
  });
  const started = new Map(definitions.map((one) => [one.name, new SupervisedService(one, log)]));
  const services = closer.add(started, (all) => Promise.all([...all.values()].map((one) => one.stop())));
  const record: StackRecord = {
    pid: process.pid,
    apiUrl: `http://127.0.0.1:${apiPort}`,
    databaseUrl: database.url,
    natsUrl: broker.url,
    services: [...services.values()].map(({ name, healthUrl }) => ({ name, healthUrl })),
    startedAt: new Date().toISOString(),
  };
  writeStackRecord(home, record);
  await Promise.all([...services.values()].map((service) => service.ready()));

  const service = (name: ServiceName) => {
    const found = services.get(name);
    if (found === undefined) throw new Error(`the ${name} service was not started here`);
    return found;
  };
  const stop = () => closer.close();
  return { record, database, broker, service, stop, [Symbol.asyncDispose]: stop };
}

/**
 * Starts PostgreSQL, nats-server and every service, and returns when all are ready.
 * Throws, with everything it had started ended again, when the stack already runs or is being started, a port is in use or a service cannot start.
 */
export async function startStack(options: StackOptions): Promise<LocalStack> {
  const { home } = options;
  const release = claimStart(home);
  const closer = new Closer();
  try {
    if ((await findRunningStack(home)) !== undefined)
      throw new Error(
        `a stack already runs in ${home.root}. See it with "xvision status", stop it with "xvision down".`,
      );
    return await open(options, closer);
  } catch (error) {
    await closer.close();
    throw error;
  } finally {
    release();
  }
}
