import path from 'node:path';
import { imageSummarySchema } from '@xvision/contracts';
import type { Command } from 'commander';
import { v7 as uuid } from 'uuid';
import type { Context } from '../context.js';
import { CommandError, UsageError } from '../failure.js';
import { exportFeatures, type FeatureRow, writeFeatures } from '../feature-export.js';
import { savedTask, TASK_HELP, taskAtHand } from '../find-task.js';
import { settled } from '../follow.js';
import { filesAsRecords } from '../manifest.js';
import { openProgress } from '../progress.js';
import { collectFiles } from '../upload.js';
import { withApi } from '../with-api.js';

interface FileOptions {
  readonly out?: string;
  readonly prepared?: boolean;
}

async function featuresOfFiles(
  context: Context,
  files: readonly string[],
  { out, prepared = false }: FileOptions,
): Promise<void> {
  if (out === undefined) throw new UsageError('name the file to write: --out features.npy');
  const records = await filesAsRecords(files);
  await withApi(context, async (api) => {
    const progress = openProgress(context.output, context.stderr);
    const asked = await collectFiles(api, records, {
      folder: path.dirname(files[0] ?? '.'),
      source: 'folder',
      name: `features-${uuid()}`,
      purpose: 'features',
      asPrepared: prepared,
      progress,
    });
    await settled(api, [asked.id], progress);
    progress.stop();
    const images = new Map<string, FeatureRow>();
    const rejected: string[] = [];
    for await (const image of api.all(`/api/collections/${asked.id}/images`, imageSummarySchema)) {
      images.set(image.file, { imageId: image.id, file: image.file });
      if (image.rejection !== null) rejected.push(`${image.file}: ${image.rejection.message}`);
    }
    if (rejected.length > 0)
      throw new CommandError(`nothing was written, since some files have no features\n  ${rejected.join('\n  ')}`);
    const rows = files.map((file) => images.get(file)).filter((row) => row !== undefined);
    await writeFeatures(api, rows, out);
    context.output.result(
      { out, rows: rows.length, files },
      () => `${out}: ${rows.length} rows of 25,088 float32 values, in the order of the files`,
    );
  });
}

export function addFeatures(program: Command, context: Context): void {
  const features = program
    .command('features')
    .description('VGG16 pool5 rows as NumPy files (float32, NHWC order), for people who go on in Python')
    .argument('[file...]', 'PNG, JPEG or DICOM files, one row each in this order')
    .option('--out <file.npy>', 'the file to write')
    .option('--prepared', 'the files are 224 x 224 network inputs already: no crop, no resize')
    .addHelpText('after', '\nExample:\n  xvision features a.png b.dcm --out features.npy')
    .action((files: string[], options: FileOptions) => {
      if (files.length === 0) throw new UsageError('name at least one file, or see "xvision features export --help"');
      return featuresOfFiles(context, files, options);
    });
  features
    .command('export')
    .description("a task's images as features.npy and labels.csv, row by row")
    .requiredOption('--task <task>', TASK_HELP)
    .requiredOption('--out <dir>', 'the folder to write')
    .addHelpText('after', '\nExample:\n  xvision features export --task nodule --out ./nodule')
    .action(async (_: unknown, command: Command) => {
      // The parent has an --out of its own, and commander gives a value to whoever asks first.
      const { task, out } = command.optsWithGlobals<{ task: string; out: string }>();
      const atHand = await taskAtHand(context, task);
      await withApi(context, async (api) => {
        const chosen = atHand ?? (await savedTask(api, task));
        const rows = await exportFeatures(api, chosen, out);
        context.output.result({ out, rows }, () => `${out}: ${rows} rows in features.npy, described by labels.csv`);
      });
    });
}
