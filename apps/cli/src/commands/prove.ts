import {
  type ProofLevel,
  type ProofLink,
  proofLevelSchema,
  proofLinkSchema,
  type RerunResult,
} from '@xvision/contracts';
import type { Command } from 'commander';
import type { Context } from '../context.js';
import { estimateText } from '../estimate-text.js';
import { CommandError } from '../failure.js';
import { table } from '../output.js';
import { openProgress } from '../progress.js';
import { studied } from '../studied.js';
import { withApi } from '../with-api.js';

interface Proof {
  readonly run: string;
  readonly holds: boolean;
  /** Links per level, in the order of the chain. */
  readonly levels: readonly { level: ProofLevel; links: number; broken: number }[];
  /** The first in the order of the chain; null when all hold. */
  readonly firstBroken: ProofLink | null;
  readonly broken: readonly ProofLink[];
  /** How everything was trained again, where that was asked. */
  readonly rerun?: Omit<RerunResult, 'links' | 'kind'>;
}

/** Sums a chain up; what stands nearer to the report comes first. */
export function proofOf(run: string, links: readonly ProofLink[]): Proof {
  const levels = proofLevelSchema.options
    .map((level) => {
      const own = links.filter((link) => link.level === level);
      return { level, links: own.length, broken: own.filter((link) => link.problem !== null).length };
    })
    .filter(({ level, links: count }) => level !== 'training' || count > 0);
  const order = proofLevelSchema.options;
  const broken = links
    .filter((link) => link.problem !== null)
    .sort((one, other) => order.indexOf(one.level) - order.indexOf(other.level));
  return { run, holds: broken.length === 0, levels, firstBroken: broken[0] ?? null, broken };
}

export function describeLink({ level, of, imageId, expected, found, problem }: ProofLink): string {
  const bytes = [`  expected sha256  ${expected ?? '-'}`, `  found            ${found ?? 'nothing'}`];
  return [
    `${level}: ${of}${imageId === null ? '' : ` (image ${imageId})`}`,
    ...(expected === null && found === null ? [] : bytes),
    `  ${problem ?? 'holds'}`,
  ].join('\n');
}

/** What training again has shown, or that only it could show it. */
function describeRerun(rerun: Proof['rerun']): string {
  if (rerun === undefined) {
    return 'The scores are those of the report; that the networks gave them, only training again can show (--rerun).';
  }
  const { equivalence, engineThen, engineNow } = rerun;
  if (equivalence === null) return `Everything was trained again, on ${engineNow}: every bit is the same.`;
  const { difference, margin, apart } = equivalence;
  return (
    `Everything was trained again, on another engine (then ${engineThen ?? 'not recorded'}, now ${engineNow}), of which no bits can be ` +
    `asked: the AUC differs by ${estimateText(difference, 'signed')}, all of it within ±${margin}. Single probabilities are ` +
    `${apart.medianProbability.toPrecision(2)} apart in the median and ${apart.largestProbability.toPrecision(2)} at most, ` +
    `losses ${(100 * apart.largestLoss).toPrecision(2)} % at most.`
  );
}

function describe({ holds, levels, firstBroken, broken, rerun }: Proof): string {
  const rows = levels.map(({ level, links, broken }) => [level, links, broken === 0 ? 'yes' : `${broken} broken`]);
  const verdict = holds
    ? `Every link holds. ${describeRerun(rerun)}`
    : `${broken.length} links do not hold; the first:\n${firstBroken === null ? '' : describeLink(firstBroken)}`;
  return `${table(['level', 'links', 'hold'], rows)}\n\n${verdict}\n\nResearch use only; not a medical device`;
}

async function prove(context: Context, run: string, options: { readonly rerun?: boolean }): Promise<void> {
  const proof = await withApi(context, async (api) => {
    const progress = openProgress(context.output, context.stderr);
    const links: ProofLink[] = [];
    try {
      for await (const link of api.all(`/api/runs/${run}/proof`, proofLinkSchema)) {
        links.push(link);
        progress.update([{ stage: 'proven', done: links.length, total: undefined }]);
      }
      if (options.rerun !== true) return proofOf(run, links);
      const request = { kind: 'rerun' as const, about: run, asked: new Date().toISOString() };
      const { links: again, kind: _, ...rerun } = await studied(api, request, progress);
      return { ...proofOf(run, [...links, ...again]), rerun };
    } finally {
      progress.stop();
    }
  });
  context.output.result(proof, describe);
  if (!proof.holds) throw new CommandError(`the chain of run ${run} is broken`);
}

export function addProve(program: Command, context: Context): void {
  program
    .command('prove')
    .description(
      'compute every hash again: report, scores, model, checkpoints, dataset, features, pixels, originals, source',
    )
    .argument('<run>', 'id of the run (see "xvision runs")')
    .option(
      '--rerun',
      'train everything again as well and compare: bit for bit, or the AUC within a margin on another engine',
    )
    .addHelpText('after', '\nExample:\n  xvision prove 0199c7e2-6f6e-7000-8000-000000000000 --rerun')
    .action((run: string, options: { readonly rerun?: boolean }) => prove(context, run, options));
}
