import path from 'node:path';
import type { Prediction } from '@xvision/contracts';
import type { Command } from 'commander';
import { v7 as uuid } from 'uuid';
import type { Context } from '../context.js';
import { CommandError } from '../failure.js';
import { predicted } from '../follow.js';
import { filesAsRecords } from '../manifest.js';
import { table } from '../output.js';
import { openProgress } from '../progress.js';
import { collectFiles } from '../upload.js';
import { withApi } from '../with-api.js';

function describePredictions(predictions: readonly Prediction[]): string {
  const rows = predictions.map((one) => [
    one.file,
    'abstained' in one
      ? `no score: ${one.abstained}`
      : Object.entries(one.probabilities)
          .map(([name, p]) => `${name} ${p.toFixed(3)}`)
          .join('   '),
  ]);
  return `${table(['file', 'probability'], rows)}\n\nResearch use only; not a medical device`;
}

async function predict(context: Context, model: string, files: readonly string[]): Promise<void> {
  const records = await filesAsRecords(files);
  await withApi(context, async (api) => {
    const progress = openProgress(context.output, context.stderr);
    const name = `prediction-${uuid()}`;
    const collection = await collectFiles(api, records, {
      folder: path.dirname(files[0] ?? '.'),
      source: 'folder',
      name,
      purpose: 'prediction',
      progress,
    });
    progress.stop();
    const job = await predicted(api, (await api.predict(model, collection.id)).id);
    // In the order of the command line, under the names that were given there.
    const answers = new Map(job.predictions.map((one) => [one.file, one]));
    const ordered = records.map(({ record }) => {
      const answer = answers.get(record.file);
      if (answer === undefined) throw new CommandError(`there is no answer for ${record.file}`);
      return answer;
    });
    context.output.result(ordered, describePredictions);
  });
}

export function addPredict(program: Command, context: Context): void {
  program
    .command('predict')
    .description('probability per class for new files; an unfit image gets a reason, not a score')
    .argument('<model>', 'id of the model (see "xvision models")')
    .argument('<file...>', 'PNG, JPEG or DICOM files')
    .addHelpText('after', '\nExample:\n  xvision predict 0199c7e2-6f6e-7000-8000-000000000000 new-patient.png --json')
    .action((model: string, files: string[]) => predict(context, model, files));
}
