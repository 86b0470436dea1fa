import { runSchema } from '@xvision/contracts';
import { renderReport } from '@xvision/evaluation';
import type { Command } from 'commander';
import type { Context } from '../context.js';
import { describeExternal } from '../external-report.js';
import { evaluated } from '../follow.js';
import { openProgress } from '../progress.js';
import { reportOf } from '../report.js';
import { studied } from '../studied.js';
import { withApi } from '../with-api.js';
import { chooseCollections } from './trained-run.js';

async function evaluateAgain(context: Context, id: string): Promise<void> {
  await withApi(context, async (api) => {
    const progress = openProgress(context.output, context.stderr);
    await api.post(`/api/runs/${id}/evaluation`, {}, runSchema);
    const run = await evaluated(api, id, progress);
    progress.stop();
    context.output.result(reportOf(run), renderReport);
  });
}

async function evaluateExternally(context: Context, id: string, name: string): Promise<void> {
  await withApi(context, async (api) => {
    const [collection] = await chooseCollections(api, [name]);
    const progress = openProgress(context.output, context.stderr);
    try {
      const request = { kind: 'external', about: id, collection: collection?.id ?? '' } as const;
      context.output.result(await studied(api, request, progress), describeExternal);
    } finally {
      progress.stop();
    }
  });
}

export function addEvaluate(program: Command, context: Context): void {
  program
    .command('evaluate')
    .description('compute the report of a run again, or examine its model on a collection that it never saw')
    .argument('<run>', 'id of the run')
    .option('--external <collection>', 'name of a collection of another place, labelled by the rules of the task')
    .addHelpText(
      'after',
      '\nExample:\n  xvision evaluate 0199c7e2-6f6e-7000-8000-000000000000\n  xvision evaluate 0199c7e2-6f6e-7000-8000-000000000000 --external other-hospital',
    )
    .action((id: string, { external }: { external?: string }) =>
      external === undefined ? evaluateAgain(context, id) : evaluateExternally(context, id, external),
    );
}
