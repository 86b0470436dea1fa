import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { ExportFormat, ModelExport } from '@xvision/contracts';
import { CommandError } from '../failure.js';

type ExportedFile = ModelExport['files'][number];

/** Where each file of an export goes: into the folder `out` for TF.js, which is made, else `out` itself and what lies beside it. */
export async function placesOf(
  format: ExportFormat,
  out: string,
  files: readonly ExportedFile[],
): Promise<(ExportedFile & { readonly file: string })[]> {
  if (format !== 'tfjs') {
    const [first] = files;
    return files.map((one) => ({ ...one, file: `${out}${one.name.slice(first?.name.length)}` }));
  }
  await mkdir(out, { recursive: true }).catch((error: unknown) => {
    throw new CommandError(`the folder ${out} cannot be made`, { cause: error });
  });
  return files.map((one) => ({ ...one, file: path.join(out, path.basename(one.name)) }));
}
