import { headSchema, modelSchema, type RunReport, type RunSettingsInput, type Task } from '@xvision/contracts';
import { renderReport } from '@xvision/evaluation';
import { type HeadCard, headCardSchema, type SweepTable } from '@xvision/learning';
import { type Command, Option } from 'commander';
import type { Context } from '../context.js';
import { CommandError, UsageError } from '../failure.js';
import { savedTask, taskAtHand } from '../find-task.js';
import { collectValues, positiveInteger, positiveNumber, shareBelowOne, wholeNumber } from '../options.js';
import { table } from '../output.js';
import { reportOf } from '../report.js';
import { withApi } from '../with-api.js';
import { trainedRun } from './trained-run.js';
import { settingsOf, type TrainingOptions } from './training-options.js';

interface SweepOptions extends Omit<TrainingOptions, 'seed' | 'learningRate' | 'repeats'> {
  readonly lr?: number[];
  readonly l2?: number[];
  readonly seed?: number[];
  readonly collection?: string[];
}

export interface SweepOutcome {
  readonly report: RunReport;
  readonly delivered: HeadCard['hyperParameters'];
  readonly sweep: SweepTable;
}

export function describeSweep({ report, delivered, sweep }: SweepOutcome): string {
  const isDelivered = ({ learningRate, weightDecay, seed }: SweepTable[number]) =>
    learningRate === delivered.learningRate && weightDecay === delivered.weightDecay && seed === delivered.seed;
  const rows = sweep.map((one) => [
    one.learningRate,
    one.weightDecay,
    one.seed,
    one.innerAuc.toFixed(3),
    one.chosenIn,
    isDelivered(one) ? 'delivered' : '',
  ]);
  return [
    renderReport(report),
    '',
    table(['learning rate', 'weight decay', 'seed', 'inner AUC', 'chosen in folds', ''], rows),
    '',
    'The numbers of the report are nested: each fold was scored under the setting chosen without it. The inner AUC is what was',
    'chosen by, so that of the best setting is too good to report.',
  ].join('\n');
}

function distinct(values: readonly number[]): number[] {
  return [...new Set(values)];
}

function sweptOf({ lr = [0.01], l2 = [0], seed = [1] }: SweepOptions): RunSettingsInput['sweep'] & object {
  const sweep = { learningRates: distinct(lr), weightDecays: distinct(l2), seeds: distinct(seed) };
  const combinations = sweep.learningRates.length * sweep.weightDecays.length * sweep.seeds.length;
  if (combinations < 2)
    throw new UsageError('a sweep compares settings: give --lr, --l2 or --seed more than one value');
  return sweep;
}

function sweepSettings(options: SweepOptions, named: Task): Omit<RunSettingsInput, 'collections'> {
  const { task, head, epochs, batchSize, cv, untrainedBackbone, allowLeaks } = options;
  const given = { task, head, epochs, batchSize, cv, untrainedBackbone, allowLeaks };
  const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const settings = settingsOf({ ...known, task }, named);
  const { split } = settings.task;
  if (split.kind !== 'cross-validation' || split.folds < 3 || split.repeats > 1) {
    throw new UsageError('a nested sweep needs one cross-validation of at least 3 folds: give --cv 5');
  }
  return { ...settings, sweep: sweptOf(options) };
}

async function sweep(context: Context, options: SweepOptions): Promise<void> {
  sweptOf(options);
  const atHand = await taskAtHand(context, options.task);
  if (atHand !== undefined) sweepSettings(options, atHand);
  const outcome = await withApi(
    context,
    async (api): Promise<SweepOutcome> => {
      const settings = sweepSettings(options, atHand ?? (await savedTask(api, options.task)));
      const run = await trainedRun(context, api, { settings, names: options.collection });
      const model = await api.get(`/api/models/${run.modelId}`, modelSchema);
      const { hyperParameters: delivered, sweep: tried } = headCardSchema.parse(model.card);
      if (tried === undefined) throw new CommandError(`model ${model.id} of run ${run.id} does not know its sweep`);
      return { report: reportOf(run), delivered, sweep: tried };
    },
    { allowUntrained: options.untrainedBackbone === true },
  );
  context.output.result(outcome, describeSweep);
}

/** One option may be given several values at once, or several times. */
function several(parse: (text: string) => number) {
  return (text: string, before: number[] = []): number[] => [...before, parse(text)];
}

export function addSweep(program: Command, context: Context): void {
  const heads = headSchema.options.filter((head) => head !== 'logistic');
  program
    .command('sweep')
    .description('try settings against each other and train with the best; nested, so the choice does not leak')
    .requiredOption('--task <task>', 'a preset (see "xvision tasks") or a YAML or JSON file')
    .option('--lr <x...>', 'learning rates (default 0.01)', several(positiveNumber))
    .option('--l2 <x...>', 'weight decays (default 0)', several(shareBelowOne))
    .option('--seed <n...>', 'seeds of the networks (default 1)', several(wholeNumber))
    .addOption(new Option('--head <head>', 'what is trained on the features').choices(heads))
    .option('--epochs <n>', 'passes over the training images', positiveInteger)
    .option('--batch-size <n>', 'images a step', positiveInteger)
    .option('--cv <folds>', 'patient-grouped cross-validation with so many folds', positiveInteger)
    .option('--collection <name>', 'only this collection; may be given several times', collectValues)
    .option('--untrained-backbone', 'go on without pretrained weights; every report says so')
    .option('--allow-leaks', 'train although pictures or patients are shared with the test; every report is marked')
    .addHelpText('after', '\nExample:\n  xvision sweep --task nodule --lr 0.003 0.01 0.03 --l2 0 0.001 --seed 1 2')
    .action((options: SweepOptions) => sweep(context, options));
}
