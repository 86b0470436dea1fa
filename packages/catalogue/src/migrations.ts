import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

export interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
}

const FOLDER = path.join(import.meta.dirname, '..', 'migrations');

/** Every migration file in the order in which they are applied: by name. */
export async function readMigrations(folder: string = FOLDER): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  return await Promise.all(
    names.map(async (name) => {
      // A checkout that rewrites line ends must not look like a changed file.
      const sql = (await readFile(path.join(folder, name), 'utf8')).replaceAll('\r\n', '\n');
      return { name, sql, sha256: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/**
 * Which of the files are not applied yet. Throws when an applied file has changed since or is unknown here:
 * going on would leave two databases that call themselves the same version and are not.
 */
export function pendingMigrations(
  files: readonly Migration[],
  applied: readonly { name: string; sha256: string }[],
): Migration[] {
  const known = new Map(files.map((file) => [file.name, file]));
  for (const { name, sha256 } of applied) {
    const file = known.get(name);
    if (file === undefined) {
      throw new Error(
        `the database has migration ${name}, which this version does not know: it is older than the database. Start the newer version.`,
      );
    }
    if (file.sha256 !== sha256) {
      throw new Error(
        `migration ${name} was changed after it was applied. Restore the file and put the change into a new migration; a local test database may be deleted instead.`,
      );
    }
  }
  const done = new Set(applied.map((one) => one.name));
  return files.filter((file) => !done.has(file.name));
}
