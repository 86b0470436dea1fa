import type { ExplanationMethod, MethodTrust, TrustCardResult } from '@xvision/contracts';
import { trustCardRequestSchema } from '@xvision/contracts';
import { METHODS } from '@xvision/explanation';
import { type Command, Option } from 'commander';
import { validate } from 'uuid';
import type { Context } from '../context.js';
import { estimateText } from '../estimate-text.js';
import { UsageError } from '../failure.js';
import { collectValues, wholeNumber } from '../options.js';
import { table } from '../output.js';
import { openProgress } from '../progress.js';
import { studied } from '../studied.js';
import { withApi } from '../with-api.js';

interface TrustCardOptions {
  readonly method?: string[];
  readonly class?: string;
  readonly images?: number;
  readonly seed?: number;
}

function describeMethod({ method, verdict, tests, cascade }: MethodTrust): string {
  const rows = tests.map(({ test, outcome, value, images }) => [test, outcome, estimateText(value), images]);
  const stages = cascade.map(({ stage, correlation, ssim }) => [stage, correlation.toFixed(2), ssim.toFixed(2)]);
  return [
    `${method}: ${verdict}`,
    table(['test', 'outcome', 'value [95 %]', 'images'], rows),
    ...tests.map(({ sentence }) => `- ${sentence}`),
    '',
    table(['randomised', 'rank correlation', 'SSIM'], stages),
  ].join('\n');
}

export function describeTrustCard(card: TrustCardResult): string {
  return [
    `Maps of the class ${card.class}, task ${card.task}, head ${card.head}: the card rests on ${card.images} images; the place of the finding is known of ${card.located} images`,
    ...(card.synthetic ? ['SYNTHETIC: the model was trained on simulated images.'] : []),
    ...(card.untrainedBackbone
      ? ['UNTRAINED BACKBONE: the features of this model mean nothing, nor do its maps.']
      : []),
    ...card.methods.map(describeMethod),
    card.verdict,
    'A passed test says that a map follows the model, not that the model is right.',
    card.notice,
  ].join('\n\n');
}

async function trustCard(context: Context, model: string, options: TrustCardOptions): Promise<void> {
  if (!validate(model)) throw new UsageError(`${model} is not the id of a model: "xvision models" lists them`);
  const { method, class: className, images, seed } = options;
  const asked = trustCardRequestSchema.safeParse({
    kind: 'trust-card',
    about: model,
    class: className,
    images,
    seed,
    methods: method === undefined ? undefined : [...new Set(method)],
  });
  if (!asked.success) {
    throw new UsageError(asked.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`).join('; '));
  }
  const result = await withApi(context, async (api) => {
    const progress = openProgress(context.output, context.stderr);
    try {
      return await studied(api, asked.data, progress);
    } finally {
      progress.stop();
    }
  });
  context.output.result(result, describeTrustCard);
}

function aMethod(value: string, before: string[] = []): string[] {
  const known: readonly ExplanationMethod[] = METHODS;
  if (!known.some((one) => one === value))
    throw new UsageError(`there is no method ${value}; there are ${METHODS.join(', ')}`);
  return collectValues(value, before);
}

export function addTrustCard(program: Command, context: Context): void {
  program
    .command('trust-card')
    .description('puts the maps of a model to tests that a worthless map fails; what fails is no evidence anywhere')
    .argument('<model>', 'id of the model (see "xvision models")')
    .addOption(
      new Option(
        '--method <method>',
        'a method to test, as often as wanted (default: all that need one pass back; integrated-gradients and occlusion take minutes an image)',
      ).argParser(aMethod),
    )
    .option('--class <name>', 'the class that is explained (default: the second of two)')
    .option('--images <n>', 'images of the class on which the card rests (default: 8)', wholeNumber)
    .option('--seed <n>', 'draws the images, the random weights and the orders by chance (default: 1)', wholeNumber)
    .addHelpText('after', '\nExample:\n  xvision trust-card 0199c7e2-6f6e-7000-8000-000000000000 --images 12')
    .action((model: string, options: TrustCardOptions) => trustCard(context, model, options));
}
