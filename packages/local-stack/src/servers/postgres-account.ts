import { chown, stat } from 'node:fs/promises';
import path from 'node:path';
import { runCommand } from './run-command.js';

/** The account that PostgreSQL runs as; undefined when it is the one that runs us. */
export interface PostgresAccount {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * PostgreSQL refuses to run as root. Root lends it the account `postgres` where there is one, else `nobody`;
 * no account is created on the machine.
 */
export async function postgresAccount(): Promise<PostgresAccount | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    try {
      const uid = Number.parseInt(await runCommand('id', ['-u', name]), 10);
      const gid = Number.parseInt(await runCommand('id', ['-g', name]), 10);
      return { name, uid, gid };
    } catch {
      // The next one, then.
    }
  }
  throw new Error('PostgreSQL cannot run as root and this machine has neither an account postgres nor nobody.');
}

const OTHERS_MAY_ENTER = 0o001;

/** Throws, naming the folder, when the account cannot reach a path: a home of root is closed to every other account. */
async function mustReach(account: PostgresAccount, target: string): Promise<void> {
  for (let folder = path.dirname(target); ; folder = path.dirname(folder)) {
    const { mode, uid } = await stat(folder);
    if ((mode & OTHERS_MAY_ENTER) === 0 && uid !== account.uid) {
      throw new Error(
        `PostgreSQL cannot run as root, so it runs as ${account.name}, who may not enter ${folder} on the way to ${target}. ` +
          `Allow it (chmod o+x ${folder}), work in another folder, run as another user, or set DATABASE_URL.`,
      );
    }
    if (folder === path.dirname(folder)) return;
  }
}

/** Checks that the account reaches the programs and the data, and gives it the data folder. */
export async function giveFolder(account: PostgresAccount | undefined, dataDir: string, binary: string): Promise<void> {
  if (account === undefined) return;
  await mustReach(account, binary);
  await mustReach(account, dataDir);
  await chown(dataDir, account.uid, account.gid);
}
