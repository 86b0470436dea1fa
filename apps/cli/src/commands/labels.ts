import { countLabels } from '@xvision/learning';
import type { Command } from 'commander';
import type { Context } from '../context.js';
import { findTask } from '../find-task.js';
import { table } from '../output.js';
import { readDump } from './collect.js';

interface LabelCount {
  readonly records: number;
  readonly labels: Readonly<Record<string, number>>;
}

function describeCount({ records, labels }: LabelCount): string {
  const rows = Object.entries(labels).sort((a, b) => b[1] - a[1]);
  return `${table(['label', 'records'], rows)}\n\n${records} records, ${rows.length} distinct labels`;
}

export function addLabels(program: Command, context: Context): void {
  program
    .command('labels')
    .description('look at labels before anything is collected')
    .command('count')
    .description('how often a rule gives each label')
    .argument('<file.json>', "a labels.json in the seed project's format")
    .option('--rule <rule>', "seed, for the published project's rule, or a task by name or file", 'seed')
    .addHelpText('after', '\nExample:\n  xvision labels count --rule seed labels.json')
    .action(async (file: string, { rule }: { rule: string }) => {
      context.output.result(
        countLabels(await readDump(file), rule === 'seed' ? rule : await findTask(context, rule)),
        describeCount,
      );
    });
}
