import { type Collection, collectionSchema, runSchema } from '@xvision/contracts';
import { renderReport } from '@xvision/evaluation';
import type { Command } from 'commander';
import type { ApiClient } from '../api-client.js';
import type { Context } from '../context.js';
import { CommandError } from '../failure.js';
import { evaluated, settled } from '../follow.js';
import { collectValues } from '../options.js';
import { openProgress } from '../progress.js';
import { reportOf } from '../report.js';
import { withApi } from '../with-api.js';
import { addTrainingOptions, settingsOf, type TrainingOptions } from './training-options.js';

/** The named collections, or all that may be trained on. */
async function chooseCollections(api: ApiClient, names: readonly string[]): Promise<Collection[]> {
  const known: Collection[] = [];
  for await (const one of api.all('/api/collections', collectionSchema)) if (one.purpose === 'dataset') known.push(one);
  if (known.length === 0)
    throw new CommandError('there are no images yet. Collect some: xvision collect folder DIR --labels FILE.csv');
  if (names.length === 0) return known;
  return names.map((name) => {
    const found = known.find((one) => one.name === name || one.id === name);
    if (found === undefined)
      throw new CommandError(`there is no collection "${name}"; there are: ${known.map((one) => one.name).join(', ')}`);
    return found;
  });
}

interface Options extends TrainingOptions {
  readonly collection?: string[];
}

async function train(context: Context, options: Options): Promise<void> {
  const settings = await settingsOf(options);
  await withApi(
    context,
    async (api) => {
      const progress = openProgress(context.output, context.stderr);
      try {
        const collections = (await chooseCollections(api, options.collection ?? [])).map((one) => one.id);
        const asked = await api.startRun({ ...settings, collections });
        await settled(api, collections, progress);
        const run = await evaluated(api, asked.id, progress);
        progress.stop();
        context.output.result(reportOf(run), renderReport);
      } finally {
        progress.stop();
      }
    },
    { allowUntrained: options.untrainedBackbone === true },
  );
}

export function addTrain(program: Command, context: Context): void {
  addTrainingOptions(program.command('train'))
    .description('train and evaluate on images that are collected already')
    .option('--collection <name>', 'only this collection; may be given several times', collectValues)
    .addHelpText('after', '\nExample:\n  xvision train --task nodule --seed 7')
    .action((options: Options) => train(context, options));

  program
    .command('evaluate')
    .description('compute the report of a run again')
    .argument('<run>', 'id of the run')
    .addHelpText('after', '\nExample:\n  xvision evaluate 0199c7e2-6f6e-7000-8000-000000000000')
    .action((id: string) =>
      withApi(context, async (api) => {
        const progress = openProgress(context.output, context.stderr);
        await api.post(`/api/runs/${id}/evaluation`, {}, runSchema);
        const run = await evaluated(api, id, progress);
        progress.stop();
        context.output.result(reportOf(run), renderReport);
      }),
    );
}
