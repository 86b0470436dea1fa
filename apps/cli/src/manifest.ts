import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ManifestRecord } from '@xvision/contracts';
import { CommandError } from './failure.js';
import { faultList, type LabelRow, readLabelsCsv } from './labels-csv.js';
import { sha256OfFile } from './sha256-of-file.js';

/** A record and where its bytes are on this machine. */
export interface LocalRecord {
  readonly record: ManifestRecord;
  readonly path: string;
}

const IMAGE_ENDINGS = new Set(['.png', '.jpg', '.jpeg', '.dcm', '.dicom', '']);

async function isFile(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  return found?.isFile() === true;
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    throw new CommandError(`the folder ${folder} cannot be read`, { cause: error });
  });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

/** A row's file is looked for in the folder, beside the CSV, and by its bare name in the folder. */
async function locate(row: LabelRow, folder: string, csv: string): Promise<string | undefined> {
  const candidates = [
    path.resolve(folder, row.file),
    path.resolve(path.dirname(csv), row.file),
    path.join(folder, path.basename(row.file)),
  ];
  for (const candidate of candidates) if (await isFile(candidate)) return candidate;
  return undefined;
}

async function withLabels(folder: string, csv: string): Promise<LocalRecord[]> {
  if (!(await isFile(csv))) throw new CommandError(`the labels file ${csv} does not exist`);
  const rows = await readLabelsCsv(csv);
  const missing: string[] = [];
  const records: LocalRecord[] = [];
  for (const { line, ...row } of rows) {
    const found = await locate({ line, ...row }, folder, csv);
    if (found === undefined) missing.push(`line ${line}: ${row.file} is neither in ${folder} nor beside ${csv}`);
    else records.push({ path: found, record: { ...row, sha256: await sha256OfFile(found) } });
  }
  if (missing.length > 0)
    throw new CommandError(
      faultList(`${csv} names ${missing.length} files that do not exist; nothing was collected`, missing),
    );
  return records;
}

async function withoutLabels(folder: string): Promise<LocalRecord[]> {
  const files = (await filesBelow(folder)).filter((file) => IMAGE_ENDINGS.has(path.extname(file).toLowerCase()));
  return Promise.all(
    files.map(async (file) => ({
      path: file,
      record: { file: path.relative(folder, file), sha256: await sha256OfFile(file), labels: {}, attributes: {} },
    })),
  );
}

/**
 * The images of a folder with what a CSV says about them. With a CSV its rows are the collection; without one,
 * every PNG, JPEG and DICOM file below the folder is. Throws {@link CommandError} when there is nothing to collect.
 */
export async function readFolder(folder: string, csv: string | undefined): Promise<LocalRecord[]> {
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory()) throw new CommandError(`${folder} is not a folder`);
  const records = csv === undefined ? await withoutLabels(folder) : await withLabels(folder, csv);
  if (records.length === 0) throw new CommandError(`there is no PNG, JPEG or DICOM file in ${folder}`);
  return records;
}

/** A name made of content, so that the same folder with the same labels is the same collection. */
export function contentName(folder: string, records: readonly LocalRecord[]): string {
  const hash = createHash('sha256');
  for (const { record } of [...records].sort((a, b) => (a.record.file < b.record.file ? -1 : 1)))
    hash.update(`${JSON.stringify(record)}\n`);
  const base = path
    .basename(path.resolve(folder))
    .replaceAll(/[^\w.-]/g, '-')
    .slice(0, 80);
  return `${base}-${hash.digest('hex').slice(0, 12)}`;
}

/** Single files named on the command line, each under the name that was given. */
export async function filesAsRecords(files: readonly string[]): Promise<LocalRecord[]> {
  const twice = files.find((file, index) => files.indexOf(file) !== index);
  if (twice !== undefined) throw new CommandError(`${twice} is named twice`);
  return Promise.all(
    files.map(async (file) => {
      if (!(await isFile(file))) throw new CommandError(`${file} is not a file`);
      return { path: file, record: { file, sha256: await sha256OfFile(file), labels: {}, attributes: {} } };
    }),
  );
}
