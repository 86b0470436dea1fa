import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { acquireWeights } from '@xvision/backbone';
import { type Model, modelSchema } from '@xvision/contracts';
import { type LoadedHead, loadHead } from '@xvision/learning';
import { cacheFolder } from '@xvision/local-stack';
import { type Command, Option } from 'commander';
import type { ApiClient } from '../api-client.js';
import type { Context } from '../context.js';
import { checksumsFile, checksumsOf } from '../export/checksums.js';
import { composeLayersModel, WEIGHTS_FILE } from '../export/layers-model.js';
import { modelCard } from '../export/model-card.js';
import { gatherModelFacts } from '../export/model-facts.js';
import { composeOnnx } from '../export/onnx-model.js';
import { CommandError } from '../failure.js';
import { withApi } from '../with-api.js';

const FORMATS = ['onnx', 'tfjs', 'safetensors', 'card'] as const;
type Format = (typeof FORMATS)[number];

interface ExportOptions {
  readonly format: Format;
  readonly out: string;
}

/** A broken export leaves no file under the final name. */
async function write(file: string, content: Uint8Array | string): Promise<void> {
  try {
    await writeFile(`${file}.part`, content);
    await rename(`${file}.part`, file);
  } catch (error) {
    throw new CommandError(`${file} cannot be written`, { cause: error });
  }
}

/** The head's file and card, checked against each other. */
async function openHead(api: ApiClient, model: Model): Promise<{ bytes: Uint8Array; head: LoadedHead }> {
  const bytes = await api.bytes(`/api/models/${model.id}/file`);
  return { bytes, head: await loadHead(bytes, model.card) };
}

async function exportOnnx(context: Context, api: ApiClient, { model, out }: { model: Model; out: string }) {
  await using head = (await openHead(api, model)).head;
  const file = context.environment['XVISION_WEIGHTS'];
  const weights = await acquireWeights({
    ...(file === undefined ? {} : { file }),
    cacheDir: cacheFolder(context.environment),
    allowUntrained: model.untrainedBackbone,
    log: (line) => context.output.note(line),
  });
  await write(out, composeOnnx(weights, head));
  return [out];
}

/** The file stays byte for byte what the catalogue names, so that its sha256 proves it; the card lies beside it. */
async function exportSafetensors(api: ApiClient, { model, out }: { model: Model; out: string }) {
  const { bytes, head: opened } = await openHead(api, model);
  await using head = opened;
  const card = `${out}.json`;
  await write(out, bytes);
  await write(
    card,
    `${JSON.stringify({ ...head.card, notice: 'Research use only; not a medical device' }, undefined, 2)}\n`,
  );
  return [out, card];
}

/** A folder, as TF.js saves a model: the weights first, so that a model.json never names a file that is not there. */
async function exportLayersModel(api: ApiClient, { model, out }: { model: Model; out: string }) {
  await using head = (await openHead(api, model)).head;
  const { json, weights } = composeLayersModel(head);
  await mkdir(out, { recursive: true });
  const files = [path.join(out, WEIGHTS_FILE), path.join(out, 'model.json')] as const;
  await write(files[0], weights);
  await write(files[1], json);
  return [...files];
}

async function exportModel(context: Context, id: string, { format, out }: ExportOptions): Promise<void> {
  const files = await withApi(context, async (api) => {
    const model = await api.get(`/api/models/${encodeURIComponent(id)}`, modelSchema);
    if (format === 'onnx') return exportOnnx(context, api, { model, out });
    if (format === 'tfjs') return exportLayersModel(api, { model, out });
    if (format === 'safetensors') return exportSafetensors(api, { model, out });
    await write(out, modelCard(await gatherModelFacts(api, model)));
    return [out];
  });
  await write(checksumsFile(out), await checksumsOf(out, files));
  context.output.result({ model: id, format, files, checksums: checksumsFile(out) }, () =>
    files.map((file) => `${file}: ${format} of model ${id}`).join('\n'),
  );
}

export function addExport(program: Command, context: Context): void {
  program
    .command('export')
    .description(
      'a model as one ONNX file from pixels to probabilities, as a TF.js LayersModel of its head (pool5 to probabilities), as the weights of its head, or as a model card',
    )
    .argument('<model>', 'id of the model (see "xvision models")')
    .addOption(new Option('--format <format>', 'what to write').choices(FORMATS).makeOptionMandatory())
    .requiredOption('--out <file>', 'the file to write; for tfjs the folder')
    .addHelpText(
      'after',
      '\nExample:\n  xvision export 0199c7e2-6f6e-7000-8000-000000000000 --format onnx --out nodule.onnx',
    )
    .action((model: string, options: ExportOptions) => exportModel(context, model, options));
}
