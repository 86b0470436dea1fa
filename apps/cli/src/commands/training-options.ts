import { headSchema, orderSchema, type RunSettingsInput, type Task, trainingFormSchema } from '@xvision/contracts';
import { type Command, Option } from 'commander';
import { TASK_HELP } from '../find-task.js';
import { positiveInteger, positiveNumber, shareBelowOne, wholeNumber } from '../options.js';

/** The settings of a training as the command line gives them. */
export interface TrainingOptions {
  readonly task: string;
  readonly head?: RunSettingsInput['head'];
  readonly seed?: number;
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly learningRate?: number;
  readonly momentum?: number;
  readonly weightDecay?: number;
  readonly order?: RunSettingsInput['order'];
  readonly form?: RunSettingsInput['form'];
  readonly cv?: number;
  readonly repeats?: number;
  readonly untrainedBackbone?: boolean;
  readonly allowLeaks?: boolean;
}

export function addTrainingOptions(command: Command): Command {
  return command
    .requiredOption('--task <task>', TASK_HELP)
    .addOption(new Option('--head <head>', 'what is trained on the features').choices(headSchema.options))
    .option('--seed <n>', 'fixes every random choice', wholeNumber)
    .option('--epochs <n>', 'passes over the training images', positiveInteger)
    .option('--batch-size <n>', 'images a step', positiveInteger)
    .option('--learning-rate <x>', 'step size of plain SGD', positiveNumber)
    .option('--momentum <x>', 'share of the last step that is taken again (default 0)', shareBelowOne)
    .option('--weight-decay <x>', 'L2 on the weights (default 0)', shareBelowOne)
    .addOption(
      new Option('--order <order>', 'images anew in every epoch, or in one seeded order as the seed has it').choices(
        orderSchema.options,
      ),
    )
    .addOption(
      new Option('--form <form>', 'how networks are trained; unless told, the cheaper one that fits in memory').choices(
        trainingFormSchema.options,
      ),
    )
    .option('--cv <folds>', 'patient-grouped cross-validation with so many folds', positiveInteger)
    .option('--repeats <n>', 'repeats of the cross-validation', positiveInteger)
    .option('--untrained-backbone', 'go on without pretrained weights; every report says so')
    .option('--allow-leaks', 'train although pictures or patients are shared with the test; every report is marked');
}

/** The task with the split that the command line asks for, if any. */
function taskOf(options: TrainingOptions, task: Task): Task {
  if (options.cv === undefined && options.repeats === undefined) return task;
  const folds = options.cv ?? (task.split.kind === 'cross-validation' ? task.split.folds : 5);
  return { ...task, split: { kind: 'cross-validation', folds, repeats: options.repeats ?? 1 } };
}

export function settingsOf(
  options: TrainingOptions,
  named: Task,
): Omit<RunSettingsInput, 'collections'> & { readonly task: Task } {
  const {
    head,
    seed,
    epochs,
    batchSize,
    learningRate,
    momentum,
    weightDecay,
    order,
    form,
    untrainedBackbone,
    allowLeaks,
  } = options;
  return {
    task: taskOf(options, named),
    ...(head === undefined ? {} : { head }),
    ...(seed === undefined ? {} : { seed }),
    ...(epochs === undefined ? {} : { epochs }),
    ...(batchSize === undefined ? {} : { batchSize }),
    ...(learningRate === undefined ? {} : { learningRate }),
    ...(momentum === undefined ? {} : { momentum }),
    ...(weightDecay === undefined ? {} : { weightDecay }),
    ...(order === undefined ? {} : { order }),
    ...(form === undefined ? {} : { form }),
    ...(untrainedBackbone === true ? { allowUntrained: true } : {}),
    ...(allowLeaks === true ? { allowLeaks: true } : {}),
  };
}
