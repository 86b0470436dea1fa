import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { type ExportFormat, exportFormatSchema, type ModelExport, modelExportSchema } from '@xvision/contracts';
import { type Command, Option } from 'commander';
import type { ApiClient } from '../api-client.js';
import type { Context } from '../context.js';
import { writeChecksums } from '../export/checksums.js';
import { placesOf } from '../export/places.js';
import { CommandError } from '../failure.js';
import { sha256OfFile } from '../sha256-of-file.js';
import { withApi } from '../with-api.js';

interface ExportOptions {
  readonly format: ExportFormat;
  readonly out: string;
}

/** A broken export leaves no file under the final name, and no byte that is not the one the API named. */
async function fetchFile(
  api: ApiClient,
  { address, file, sha256 }: { address: string; file: string; sha256: string },
): Promise<void> {
  const part = `${file}.part`;
  try {
    await api.download(address, part);
    const found = await sha256OfFile(part);
    if (found !== sha256) {
      throw new CommandError(`${address} arrived with sha256 ${found} instead of ${sha256}: export again`);
    }
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${file} cannot be written`, { cause: error });
  }
}

async function fetchExport(api: ApiClient, { model, format, files }: ModelExport, out: string): Promise<string[]> {
  const places = await placesOf(format, out, files);
  for (const { name, file, sha256 } of places) {
    const address = `/api/models/${model}/exports/${format}/${encodeURIComponent(name)}`;
    await fetchFile(api, { address, file, sha256 });
  }
  return places.map(({ file }) => file);
}

async function exportModel(context: Context, id: string, { format, out }: ExportOptions): Promise<void> {
  const files = await withApi(context, async (api) => {
    const made = await api.get(`/api/models/${encodeURIComponent(id)}/exports/${format}`, modelExportSchema);
    return await fetchExport(api, made, out);
  });
  const checksums = await writeChecksums(out, files);
  context.output.result({ model: id, format, files, checksums }, () =>
    files.map((file) => `${path.normalize(file)}: ${format} of model ${id}`).join('\n'),
  );
}

export function addExport(program: Command, context: Context): void {
  program
    .command('export')
    .description(
      'a model as one ONNX file from pixels to probabilities, as a TF.js LayersModel of its head (pool5 to probabilities), as the weights of its head, or as a model card',
    )
    .argument('<model>', 'id of the model (see "xvision models")')
    .addOption(
      new Option('--format <format>', 'what to write').choices(exportFormatSchema.options).makeOptionMandatory(),
    )
    .requiredOption('--out <file>', 'the file to write; for tfjs the folder')
    .addHelpText(
      'after',
      '\nExample:\n  xvision export 0199c7e2-6f6e-7000-8000-000000000000 --format onnx --out nodule.onnx',
    )
    .action((model: string, options: ExportOptions) => exportModel(context, model, options));
}
