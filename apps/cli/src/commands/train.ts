import { renderReport } from '@xvision/evaluation';
import type { Command } from 'commander';
import type { Context } from '../context.js';
import { savedTask, taskAtHand } from '../find-task.js';
import { collectValues } from '../options.js';
import { reportOf } from '../report.js';
import { withApi } from '../with-api.js';
import { trainedRun } from './trained-run.js';
import { addTrainingOptions, settingsOf, type TrainingOptions } from './training-options.js';

interface Options extends TrainingOptions {
  readonly collection?: string[];
}

async function train(context: Context, options: Options): Promise<void> {
  const atHand = await taskAtHand(context, options.task);
  await withApi(
    context,
    async (api) => {
      const settings = settingsOf(options, atHand ?? (await savedTask(api, options.task)));
      const run = await trainedRun(context, api, { settings, names: options.collection });
      context.output.result(reportOf(run), renderReport);
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
}
