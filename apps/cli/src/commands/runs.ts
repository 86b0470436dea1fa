import { modelSchema, type Run, runSchema } from '@xvision/contracts';
import { renderReport } from '@xvision/evaluation';
import type { Command } from 'commander';
import type { Context } from '../context.js';
import { describeExternal, externalResults } from '../external-report.js';
import { table } from '../output.js';
import { withApi } from '../with-api.js';

const NOTICE = 'Research use only; not a medical device';

async function gather<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

function aucOf({ report }: Run): string {
  if (report === null) return '-';
  const { value, low, high } = report.metrics.auc;
  if (value === null) return '-';
  const interval = low === null || high === null ? '' : ` [${low.toFixed(3)}, ${high.toFixed(3)}]`;
  return `${value.toFixed(3)}${interval}${report.synthetic ? ' synthetic' : ''}${report.untrainedBackbone ? ' untrained' : ''}`;
}

function describeRuns(runs: readonly Run[]): string {
  const rows = runs.map((run) => [run.id, run.task, run.settings.head, run.state, aucOf(run), run.createdAt]);
  return `${table(['run', 'task', 'head', 'state', 'AUC [95 %]', 'asked for'], rows)}\n\n${NOTICE}`;
}

function describeRun(run: Run): string {
  if (run.report !== null) return renderReport(run.report);
  return `run ${run.id}, task ${run.task}: ${run.state}${run.message === null ? '' : `\n${run.message}`}`;
}

export function addRuns(program: Command, context: Context): void {
  program
    .command('runs')
    .description('every run, newest first')
    .addHelpText('after', '\nExample:\n  xvision runs')
    .action(() =>
      withApi(context, async (api) =>
        context.output.result(await gather(api.all('/api/runs', runSchema)), describeRuns),
      ),
    );

  program
    .command('show')
    .description('one run: its report, or how far it is')
    .argument('<run>', 'id of the run')
    .addHelpText('after', '\nExample:\n  xvision show 0199c7e2-6f6e-7000-8000-000000000000')
    .action((id: string) =>
      withApi(context, async (api) => {
        const run = await api.run(id);
        const external = await externalResults(api, run);
        context.output.result({ ...run, external }, (shown) =>
          [describeRun(shown), ...external.map(describeExternal)].join('\n\n'),
        );
      }),
    );

  program
    .command('models')
    .description('every trained model, newest first')
    .addHelpText('after', '\nExample:\n  xvision models --json')
    .action(() =>
      withApi(context, async (api) => {
        const models = await gather(api.all('/api/models', modelSchema));
        context.output.result(models, (all) =>
          table(
            ['model', 'task', 'data', 'backbone', 'trained'],
            all.map((one) => [
              one.id,
              one.task,
              one.synthetic ? 'synthetic' : 'real',
              one.untrainedBackbone ? 'untrained' : 'pretrained',
              one.createdAt,
            ]),
          ),
        );
      }),
    );
}
