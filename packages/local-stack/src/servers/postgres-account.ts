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

/** A command that runs as the account. */
export interface AccountCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
}

const OTHERS_MAY_ENTER = 0o001;

/** The folder on the way to a path that the account may not enter, as root's home often is; undefined when it gets there. */
async function closedFolder(account: PostgresAccount, target: string): Promise<string | undefined> {
  for (let folder = path.dirname(target); ; folder = path.dirname(folder)) {
    const { mode, uid } = await stat(folder);
    if ((mode & OTHERS_MAY_ENTER) === 0 && uid !== account.uid) return folder;
    if (folder === path.dirname(folder)) return undefined;
  }
}

/** Runs a command as the account, with root's right to pass closed folders kept and nothing else of root's. */
function passingFolders({ uid, gid }: PostgresAccount, file: string, args: readonly string[]): AccountCommand {
  const become = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
  const keep = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
  // PostgreSQL looks for its own programs with access(2), which forgets every right of a user who is not root but for this bit.
  keep.push('--securebits=+no_setuid_fixup');
  return { file: 'setpriv', args: [...become, ...keep, file, ...args] };
}

/**
 * Gives the account the data folder and says how to run a program on it. Throws, naming the folder, when the account
 * cannot reach the program or the data and this system has no way to let it pass.
 */
export async function commandOnFolder(
  account: PostgresAccount | undefined,
  dataDir: string,
  { file, args }: { readonly file: string; readonly args: readonly string[] },
): Promise<AccountCommand> {
  if (account === undefined) return { file, args };
  await chown(dataDir, account.uid, account.gid);
  const closed = (await closedFolder(account, file)) ?? (await closedFolder(account, dataDir));
  if (closed === undefined) return { file, args, uid: account.uid, gid: account.gid };
  const command = passingFolders(account, file, args);
  try {
    const trial = passingFolders(account, 'true', []);
    await runCommand(trial.file, trial.args);
    return command;
  } catch (error) {
    throw new Error(
      `PostgreSQL cannot run as root, so it runs as ${account.name}, who may not enter ${closed}. ` +
        `Allow it (chmod o+x ${closed}), work in another folder, run as another user, or set DATABASE_URL.`,
      { cause: error },
    );
  }
}
