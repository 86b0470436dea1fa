import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CommandError } from '../failure.js';
import { sha256OfFile } from '../sha256-of-file.js';

/** Where the checksums of an export lie: beside it, in the form that `sha256sum --check` reads. */
function checksumsFile(out: string): string {
  return `${path.resolve(out)}.sha256`;
}

/** Writes them, and gives the file they stand in. */
export async function writeChecksums(out: string, files: readonly string[]): Promise<string> {
  const list = checksumsFile(out);
  await writeFile(list, await checksumsOf(out, files)).catch((error: unknown) => {
    throw new CommandError(`${list} cannot be written`, { cause: error });
  });
  return list;
}

/** A line for each file, by its path from the folder of the export. */
async function checksumsOf(out: string, files: readonly string[]): Promise<string> {
  const folder = path.dirname(path.resolve(out));
  const lines = await Promise.all(
    files.map(async (file) => `${await sha256Of(file)}  ${path.relative(folder, path.resolve(file))}\n`),
  );
  return lines.join('');
}

/** The files of an export, when each is byte for byte what was written. Throws {@link CommandError} with the first that is not. */
export async function checkExport(out: string): Promise<string[]> {
  const list = checksumsFile(out);
  const text = await readFile(list, 'utf8').catch((error: unknown) => {
    throw new CommandError(`${list} cannot be read: without it nobody knows what was exported; export again`, {
      cause: error,
    });
  });
  const entries = text.split('\n').filter((line) => line !== '');
  if (entries.length === 0) throw new CommandError(`${list} names no file; export again`);
  const files: string[] = [];
  for (const entry of entries) {
    const [, expected, name] = /^([0-9a-f]{64}) {2}(.+)$/.exec(entry) ?? [];
    if (expected === undefined || name === undefined) throw new CommandError(`${list} is not a list of checksums`);
    const file = path.join(path.dirname(list), name);
    const found = await sha256Of(file);
    if (found !== expected) {
      throw new CommandError(
        `${file} has sha256 ${found} instead of ${expected}: it was altered after it was exported; do not use it, export it again`,
      );
    }
    files.push(file);
  }
  return files;
}

async function sha256Of(file: string): Promise<string> {
  return await sha256OfFile(file).catch((error: unknown) => {
    throw new CommandError(`${file} cannot be read: it belongs to the export; export again`, { cause: error });
  });
}
