import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isAtLeast, NATS_VERSION, OLDEST_NATS_VERSION } from './nats-release.js';
import { type NatsSource, natsSources } from './nats-sources.js';
import { runCommand } from './run-command.js';

export interface FindNatsServerOptions {
  /** Where a fetched server is kept, for example `<project>/.xvision/cache`. */
  readonly cacheDir: string;
  /** Told what is being tried; a fetch can take from a second to a minute. */
  readonly log?: (message: string) => void;
  /** The installed command to ask for first; a name is looked up on PATH. */
  readonly installed?: string;
  /** Ways to fetch it; tests replace them. */
  readonly sources?: readonly NatsSource[];
}

const executable = process.platform === 'win32' ? 'nats-server.exe' : 'nats-server';

/** The version that a server's binary states; throws when it cannot be run. */
export async function natsServerVersion(binary: string): Promise<string> {
  const said = await runCommand(binary, ['--version']);
  const version = /v?(\d+\.\d+\.\d+\S*)/.exec(said)?.[1];
  if (version === undefined) throw new Error(`${binary} --version said ${JSON.stringify(said.trim())}`);
  return version;
}

function refuseOld(version: string, what: string): void {
  if (!isAtLeast(version, OLDEST_NATS_VERSION)) {
    throw new Error(`${what} is nats-server ${version}; Xvision needs ${OLDEST_NATS_VERSION} or newer`);
  }
}

async function installedServer(command: string): Promise<string> {
  refuseOld(await natsServerVersion(command), `${command} on PATH`);
  if (path.isAbsolute(command)) return command;
  return (await runCommand('/bin/sh', ['-c', 'command -v "$1"', 'sh', command])).trim();
}

async function cachedServer(folder: string): Promise<string> {
  const binary = path.join(folder, executable);
  const bytes = await readFile(binary).catch(() => undefined);
  if (bytes === undefined) throw new Error(`${binary} is not there yet`);
  const expected = (await readFile(path.join(folder, 'sha256'), 'utf8').catch(() => '')).trim();
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual !== expected) throw new Error(`${binary} changed since it was fetched; it was not used`);
  return binary;
}

/** Another process may have been quicker: its server is as good, and must not be taken away from under it. */
async function put(ready: string, folder: string, aside: string): Promise<void> {
  const taken = await rename(ready, folder).then(
    () => false,
    () => true,
  );
  if (!taken || (await cachedServer(folder).catch(() => undefined)) !== undefined) return;
  await rename(folder, aside);
  await rename(ready, folder);
}

/** Fetches into a folder of its own and moves it into place in one step, so that a reader never sees half a server. */
async function fetchServer(source: NatsSource, folder: string): Promise<string> {
  await mkdir(path.dirname(folder), { recursive: true });
  const scratch = await mkdtemp(path.join(path.dirname(folder), 'fetching-'));
  try {
    const work = path.join(scratch, 'work');
    const ready = path.join(scratch, 'ready');
    await mkdir(work);
    await mkdir(ready);
    const bytes = await source.fetch(work);
    const binary = path.join(ready, executable);
    await writeFile(binary, bytes);
    await chmod(binary, 0o755);
    refuseOld(await natsServerVersion(binary), source.name);
    await writeFile(path.join(ready, 'sha256'), `${createHash('sha256').update(bytes).digest('hex')}\n`);
    await put(ready, folder, path.join(scratch, 'replaced'));
    return await cachedServer(folder);
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}

/**
 * The path of a nats-server that is new enough: installed → cache → fetched once and verified by a pinned checksum.
 * Throws one error that lists everything that was tried and what each said.
 */
export async function findNatsServer(options: FindNatsServerOptions): Promise<string> {
  const log = options.log ?? (() => undefined);
  const folder = path.join(options.cacheDir, 'nats-server', `${NATS_VERSION}-${process.platform}-${process.arch}`);
  const tried: string[] = [];
  const attempt = async (what: string, find: () => Promise<string>): Promise<string | undefined> => {
    try {
      return await find();
    } catch (error) {
      tried.push(`  - ${what}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  };

  const present =
    (await attempt('installed', () => installedServer(options.installed ?? 'nats-server'))) ??
    (await attempt('cache', () => cachedServer(folder)));
  if (present !== undefined) return present;

  for (const source of options.sources ?? natsSources) {
    log(`fetching nats-server ${NATS_VERSION} from ${source.name}`);
    const fetched = await attempt(source.name, () => fetchServer(source, folder));
    if (fetched !== undefined) return fetched;
    log(`that did not work:${tried.at(-1)?.slice(3) ?? ''}`);
  }
  throw new Error(
    `No nats-server ${OLDEST_NATS_VERSION} or newer was found and none could be fetched:\n${tried.join('\n')}\n` +
      'Install one and put it on PATH, or set NATS_URL to a running one.',
  );
}
