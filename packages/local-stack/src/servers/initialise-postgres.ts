import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { commandOnFolder, postgresAccount } from './postgres-account.js';
import type { PostgresBinaries } from './postgres-binaries.js';

const execFileAsync = promisify(execFile);

/** Kept inside the data folder, readable by its owner only; PostgreSQL ignores a file that it does not know. */
const PASSWORD_FILE = 'xvision-password';

/** The superuser of the local database. */
export const POSTGRES_USER = 'xvision';

/** The password that was drawn when the data folder was made; undefined for a folder that was not made here. */
export async function readPassword(dataDir: string): Promise<string | undefined> {
  return readFile(path.join(dataDir, PASSWORD_FILE), 'utf8').catch(() => undefined);
}

/**
 * Makes an empty cluster in a folder beside `dataDir` and moves it into place when complete, so that an interrupted
 * first start leaves nothing half made. UTF-8 and the built-in C.UTF-8 order: the same on every machine.
 */
export async function initialisePostgres(
  dataDir: string,
  binaries: PostgresBinaries,
  options: { readonly durable: boolean },
): Promise<void> {
  const account = await postgresAccount();
  const parent = path.dirname(dataDir);
  await mkdir(parent, { recursive: true });
  const fresh = await mkdtemp(path.join(parent, '.initdb-'));
  try {
    const password = randomBytes(18).toString('base64url');
    const passwordFile = `${fresh}.pw`;
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (account !== undefined) await chown(passwordFile, account.uid, account.gid);
    try {
      const args = [`--pgdata=${fresh}`, `--username=${POSTGRES_USER}`, `--pwfile=${passwordFile}`];
      args.push('--auth=scram-sha-256', '--encoding=UTF8', '--no-instructions', '--wal-segsize=4');
      args.push('--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C');
      if (!options.durable) args.push('--no-sync');
      const command = await commandOnFolder(account, fresh, { file: binaries.initdb, args });
      await execFileAsync(command.file, command.args, { ...command, cwd: fresh });
      await rename(passwordFile, path.join(fresh, PASSWORD_FILE));
    } finally {
      await rm(passwordFile, { force: true });
    }
    await rename(fresh, dataDir);
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    throw new Error(`PostgreSQL could not make its data folder ${dataDir}: ${stderr?.trim() || message}`, {
      cause: error,
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}
