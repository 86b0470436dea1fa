import type { AuditResult } from '@xvision/contracts';
import type { Command } from 'commander';
import { validate } from 'uuid';
import type { Context } from '../context.js';
import { estimateText } from '../estimate-text.js';
import { externalStudies } from '../external-report.js';
import { UsageError } from '../failure.js';
import { table } from '../output.js';
import { openProgress } from '../progress.js';
import { studied } from '../studied.js';
import { withApi } from '../with-api.js';

export function describeAudit({ task, head, synthetic, images, patients, auc, checks, ...audit }: AuditResult): string {
  const rows = checks.map((one) => [
    one.check.replace('-', ' '),
    estimateText(one.auc),
    estimateText(one.gain, 'signed'),
    one.finding,
  ]);
  return [
    `${task}, ${head}: AUC ${estimateText(auc)} on ${images} tested images of ${patients} patients`,
    ...(synthetic ? ['Synthetic images: these numbers say nothing about patients.'] : []),
    '',
    table(['check', 'AUC [95 %]', "the model's gain [95 %]", 'finding'], rows),
    '',
    ...checks.map(({ sentence }) => `- ${sentence}`),
    '',
    audit.verdict,
    '',
    audit.notice,
  ].join('\n');
}

async function audit(context: Context, run: string): Promise<void> {
  if (!validate(run)) throw new UsageError(`${run} is not the id of a run: "xvision runs" lists them`);
  const result = await withApi(context, async (api) => {
    const progress = openProgress(context.output, context.stderr);
    try {
      const externals = await externalStudies(api, run);
      const more = externals.length === 0 ? {} : { externals };
      return await studied(api, { kind: 'audit', about: run, ...more }, progress);
    } finally {
      progress.stop();
    }
  });
  context.output.result(result, describeAudit);
}

export function addAudit(program: Command, context: Context): void {
  program
    .command('audit')
    .description(
      'the shortcut audit: what reaches the labels of a run without seeing disease, and what labels by chance give',
    )
    .argument('<run>', 'id of the run (see "xvision runs")')
    .addHelpText('after', '\nExample:\n  xvision audit 0199c7e2-6f6e-7000-8000-000000000000')
    .action((run: string) => audit(context, run));
}
