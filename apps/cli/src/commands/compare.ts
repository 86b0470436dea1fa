import { type Estimate, type RunComparison, runComparisonSchema } from '@xvision/contracts';
import type { Command } from 'commander';
import { validate } from 'uuid';
import type { Context } from '../context.js';
import { estimateText } from '../estimate-text.js';
import { UsageError } from '../failure.js';
import { table } from '../output.js';
import { withApi } from '../with-api.js';

function supported({ low, high }: Estimate, better: 'higher' | 'lower'): string {
  if (low === null || high === null || (low <= 0 && high >= 0)) return 'cannot be told apart';
  return low > 0 === (better === 'higher') ? 'first is better' : 'second is better';
}

function tests({ delong, mcNemar, images, patients }: RunComparison): string[] {
  if (patients < images) {
    return [
      `DeLong's and McNemar's tests take one image a patient and are left out: ${images} images of ${patients} patients.`,
    ];
  }
  const lines: string[] = [];
  if (delong !== null) {
    const { difference, low, high, p } = delong;
    const chance = p === null ? 'no variance, so no p' : `p = ${p.toPrecision(2)}`;
    lines.push(`DeLong, paired: AUC difference ${estimateText({ value: difference, low, high }, 'signed')}, ${chance}`);
  }
  if (mcNemar !== null) {
    const { firstRightSecondWrong, firstWrongSecondRight, p } = mcNemar;
    lines.push(
      `McNemar, exact: only the first is right on ${firstRightSecondWrong}, only the second on ${firstWrongSecondRight}, p = ${p.toPrecision(2)}`,
    );
  }
  return lines;
}

/** What a reader must know before the numbers. */
function caveats({ first, second, images }: RunComparison): string[] {
  const both = [first, second];
  return [
    ...(first.tested === images && second.tested === images
      ? []
      : [
          `The first run tested ${first.tested} images, the second ${second.tested}; compared are the ${images} that both tested under the same label.`,
        ]),
    ...(both.some((one) => one.synthetic) ? ['Synthetic images: these numbers say nothing about patients.'] : []),
    ...(both.some((one) => one.untrainedBackbone)
      ? ['Untrained backbone: these numbers show the flow, no skill.']
      : []),
  ];
}

export function describeComparison(comparison: RunComparison): string {
  const { first, second, auc, accuracy, brier } = comparison;
  const rows = (
    [
      ['AUC', auc, 'higher'],
      ['accuracy', accuracy, 'higher'],
      ['Brier score (lower is better)', brier, 'lower'],
    ] as const
  ).map(([name, one, better]) => [
    name,
    estimateText(one.first),
    estimateText(one.second),
    estimateText(one.difference, 'signed'),
    supported(one.difference, better),
  ]);
  return [
    `first   ${first.run}  ${first.task}, ${first.head}`,
    `second  ${second.run}  ${second.task}, ${second.head}`,
    '',
    ...caveats(comparison),
    table(['[95 %]', 'first', 'second', 'first - second', 'the data say'], rows),
    '',
    ...tests(comparison),
    comparison.sentence,
    '',
    comparison.notice,
  ].join('\n');
}

async function compare(context: Context, first: string, second: string): Promise<void> {
  for (const id of [first, second]) {
    if (!validate(id)) throw new UsageError(`${id} is not the id of a run: "xvision runs" lists them`);
  }
  const found = await withApi(context, (api) =>
    api.get(`/api/runs/${first}/comparison/${second}`, runComparisonSchema),
  );
  context.output.result(found, describeComparison);
}

export function addCompare(program: Command, context: Context): void {
  program
    .command('compare')
    .description(
      'two runs on the images that both tested: paired differences, and what the data can and cannot support',
    )
    .argument('<run>', 'id of the first run (see "xvision runs")')
    .argument('<other>', 'id of the second run')
    .addHelpText(
      'after',
      '\nExample:\n  xvision compare 0199c7e2-6f6e-7000-8000-000000000000 0199c7e2-6f6e-7000-8000-000000000001',
    )
    .action((first: string, second: string) => compare(context, first, second));
}
