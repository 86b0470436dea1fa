import type { QuantizeResult } from '@xvision/contracts';
import { type Command, InvalidArgumentError } from 'commander';
import { validate } from 'uuid';
import type { Context } from '../context.js';
import { estimateText } from '../estimate-text.js';
import { UsageError } from '../failure.js';
import { table } from '../output.js';
import { openProgress } from '../progress.js';
import { studied } from '../studied.js';
import { withApi } from '../with-api.js';

export function describeQuantized(result: QuantizeResult): string {
  const { task, head, images, calibrationImages, featureShift, calibration } = result;
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  return [
    `${task}, ${head}: int8 network calibrated on ${calibrationImages} images, tried on ${images}`,
    ...(result.synthetic ? ['Synthetic images: these numbers say nothing about patients.'] : []),
    '',
    table(
      ['', '[95 %]'],
      [
        ['AUC, float', estimateText(result.floatAuc)],
        ['AUC, int8', estimateText(result.int8Auc)],
        ['int8 - float, paired', estimateText(result.difference, 'signed')],
        ['features move by', `${percent(featureShift.median)} (median), ${percent(featureShift.largest)} (largest)`],
      ],
    ),
    '',
    result.sentence,
    ...(calibration === null
      ? []
      : [
          `Extract with it: INT8_CALIBRATION=${calibration} xvision up`,
          `Its features are of another kind (${result.numerics.slice(0, 17)}…) and are never mixed with float ones.`,
        ]),
    '',
    result.notice,
  ].join('\n');
}

function imageCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 1000) return count;
  throw new InvalidArgumentError('a whole number from 1 to 1000');
}

async function quantize(context: Context, run: string, calibrationImages: number): Promise<void> {
  if (!validate(run)) throw new UsageError(`${run} is not the id of a run: "xvision runs" lists them`);
  const result = await withApi(context, async (api) => {
    const progress = openProgress(context.output, context.stderr);
    try {
      return await studied(api, { kind: 'quantize', about: run, calibrationImages }, progress);
    } finally {
      progress.stop();
    }
  });
  context.output.result(result, describeQuantized);
}

export function addQuantize(program: Command, context: Context): void {
  program
    .command('quantize')
    .description('an 8-bit network for the images of a run, kept only where the AUC is shown to stay the same')
    .argument('<run>', 'id of a cross-validated run (see "xvision runs")')
    .option('--images <n>', 'images that calibrate it', imageCount, 64)
    .addHelpText('after', '\nExample:\n  xvision quantize 0199c7e2-6f6e-7000-8000-000000000000')
    .action((run: string, { images }: { images: number }) => quantize(context, run, images));
}
