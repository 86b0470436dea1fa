import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { acquireWeights, type Vgg16Weights } from '@xvision/backbone';
import { type ExplanationMethod, type ImageSummary, imageSummarySchema, modelSchema } from '@xvision/contracts';
import { type Completeness, type Mapper, METHODS, openExplainer, resolutionOf, targetOf } from '@xvision/explanation';
import { readPrepared } from '@xvision/imaging';
import { type LoadedHead, loadHead } from '@xvision/learning';
import { cacheFolder } from '@xvision/local-stack';
import { type Command, Option } from 'commander';
import { v7 as uuid } from 'uuid';
import type { ApiClient } from '../api-client.js';
import type { Context } from '../context.js';
import { storedImage } from '../explain/stored-image.js';
import { type Trust, trustIn, trustLine } from '../explain/trust-in.js';
import { type MapFiles, mapFiles, writeMap } from '../explain/write-maps.js';
import { CommandError } from '../failure.js';
import { settled } from '../follow.js';
import { filesAsRecords } from '../manifest.js';
import { table } from '../output.js';
import { openProgress } from '../progress.js';
import { collectFiles } from '../upload.js';
import { withApi } from '../with-api.js';

interface ExplainOptions {
  readonly method: ExplanationMethod;
  readonly class?: string;
  readonly out: string;
  readonly anyway?: boolean;
}

const NOTICE = 'Research use only; not a medical device';
type Answer = { readonly file: string } & (
  | (MapFiles & { readonly probability: number; readonly completeness?: Completeness })
  | { readonly abstained: string }
);

interface Explanation {
  readonly model: string;
  readonly method: ExplanationMethod;
  readonly class: string;
  readonly resolution: string;
  /** What the newest trust card says of the method; see `xvision trust-card`. */
  readonly trust: Trust;
  readonly synthetic: boolean;
  readonly untrainedBackbone: boolean;
  readonly notice: string;
  readonly maps: readonly Answer[];
}

function describeExplanation(explanation: Explanation): string {
  const { method, maps, resolution, synthetic, untrainedBackbone } = explanation;
  const rows = maps.map((one) =>
    'abstained' in one
      ? [one.file, '-', `no map: ${one.abstained}`]
      : [one.file, one.probability.toFixed(3), [one.map, one.overlay, one.overlayOriginal].join('\n')],
  );
  return [
    `${method} for the class ${explanation.class} of model ${explanation.model}`,
    table(['file', 'probability', 'raw map, overlay at 224 x 224, overlay at original size'], rows),
    resolution,
    'Each picture has its own scale, dark to bright; colours of two pictures are not to be compared.',
    ...(synthetic ? ['SYNTHETIC: the model was trained on simulated images.'] : []),
    ...(untrainedBackbone ? ['UNTRAINED BACKBONE: the features of this model mean nothing, nor do its maps.'] : []),
    trustLine(explanation.trust),
    NOTICE,
  ].join('\n\n');
}

/** Sends the files through the pipeline like any other image; what it made of them, in the order of the command line. */
async function collected(context: Context, api: ApiClient, files: readonly string[]): Promise<ImageSummary[]> {
  const records = await filesAsRecords(files);
  const progress = openProgress(context.output, context.stderr);
  const asked = await collectFiles(api, records, {
    folder: path.dirname(files[0] ?? '.'),
    source: 'folder',
    name: `explanation-${uuid()}`,
    purpose: 'features',
    progress,
  });
  await settled(api, [asked.id], progress);
  progress.stop();
  const images = new Map<string, ImageSummary>();
  for await (const image of api.all(`/api/collections/${asked.id}/images`, imageSummarySchema))
    images.set(image.file, image);
  return files.map((file) => {
    const image = images.get(file);
    if (image === undefined) throw new CommandError(`there is no answer for ${file}`);
    return image;
  });
}

function weightsOf(context: Context, allowUntrained: boolean): Promise<Vgg16Weights> {
  const file = context.environment['XVISION_WEIGHTS'];
  return acquireWeights({
    ...(file === undefined ? {} : { file }),
    cacheDir: cacheFolder(context.environment),
    allowUntrained,
    log: (line) => context.output.note(line),
  });
}

interface OneImage {
  readonly image: ImageSummary;
  readonly head: LoadedHead;
  readonly className: string;
  readonly files: MapFiles;
  /** Strike the pictures out. */
  readonly crossed: boolean;
}

async function explainImage(api: ApiClient, explainer: Mapper, one: OneImage): Promise<Answer> {
  const { image, head, className, files, crossed } = one;
  if (image.rejection !== null) return { file: image.file, abstained: image.rejection.message };
  const stored = await storedImage(api, image.id, head.card);
  const probabilities = await head.score(stored.row, 1);
  const raw = await explainer.map({ row: stored.row, rgb: await readPrepared(stored.prepared) });
  await writeMap(files, { ...stored, raw, crossed });
  const probability = probabilities[head.card.classes.indexOf(className)] ?? Number.NaN;
  const { completeness } = raw;
  return { file: image.file, probability, ...files, ...(completeness === undefined ? {} : { completeness }) };
}

/** A script that asked for maps and got none must not go on as if it had them. */
function refuseNone(maps: readonly Answer[]): void {
  const reasons = maps.flatMap((one) => ('abstained' in one ? [`${one.file}: ${one.abstained}`] : []));
  if (reasons.length === maps.length)
    throw new CommandError(`no map was written, since no file can be explained\n  ${reasons.join('\n  ')}`);
}

async function explainFiles(
  context: Context,
  { model: id, files }: { model: string; files: readonly string[] },
  { method, class: asked, out, anyway = false }: ExplainOptions,
): Promise<void> {
  const explanation = await withApi(context, async (api): Promise<Explanation> => {
    const model = await api.get(`/api/models/${encodeURIComponent(id)}`, modelSchema);
    await using head = await loadHead(await api.bytes(`/api/models/${model.id}/file`), model.card);
    const { className, factors } = targetOf(head.card, asked);
    const trust = await trustIn(api, { id: model.id, className, method }, anyway);
    const crossed = trust.verdict === 'failed';
    // Before anything is uploaded: what cannot be explained is refused at once.
    await using explainer = await openExplainer(head, {
      method,
      target: factors,
      weights: () => weightsOf(context, model.untrainedBackbone),
      threads: availableParallelism(),
    });
    const images = await collected(context, api, files);
    await mkdir(out, { recursive: true }).catch((error: unknown) => {
      throw new CommandError(`the folder ${out} cannot be made`, { cause: error });
    });
    const names = mapFiles(files, { out, suffix: `${method}.${className}` });
    const maps: Answer[] = [];
    for (const [place, image] of images.entries()) {
      const mine = names[place];
      if (mine !== undefined)
        maps.push(await explainImage(api, explainer, { image, head, className, files: mine, crossed }));
    }
    refuseNone(maps);
    return {
      model: model.id,
      method,
      class: className,
      resolution: resolutionOf(method),
      trust,
      synthetic: model.synthetic,
      untrainedBackbone: model.untrainedBackbone,
      notice: `${trustLine(trust)} ${NOTICE}`,
      maps,
    };
  });
  context.output.result(explanation, describeExplanation);
}

export function addExplain(program: Command, context: Context): void {
  program
    .command('explain')
    .description('maps of what moved a model: a picture laid over each radiograph, and the raw map for NumPy')
    .argument('<model>', 'id of the model (see "xvision models")')
    .argument('<file...>', 'PNG, JPEG or DICOM files')
    .addOption(
      new Option(
        '--method <method>',
        'grad-cam and hires-cam have 7 x 7 cells, occlusion 14 x 14, the others a value for each pixel',
      )
        .choices(METHODS)
        .makeOptionMandatory(),
    )
    .option('--class <name>', 'the class to explain against the others (default: the second of two)')
    .requiredOption('--out <dir>', 'the folder to write')
    .option('--anyway', 'draw maps of a method that failed its tests too, struck out')
    .addHelpText(
      'after',
      '\nExample:\n  xvision explain 0199c7e2-6f6e-7000-8000-000000000000 a.png --method hires-cam --out ./maps',
    )
    .action((model: string, files: string[], options: ExplainOptions) =>
      explainFiles(context, { model, files }, options),
    );
}
