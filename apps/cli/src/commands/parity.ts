import { collectionSchema, type ParityResult, type StudyKind } from '@xvision/contracts';
import { findRunningStack } from '@xvision/local-stack';
import { startSimulator } from '@xvision/openi';
import type { Command } from 'commander';
import type { ApiClient } from '../api-client.js';
import type { Context } from '../context.js';
import { estimateText } from '../estimate-text.js';
import { CommandError, UsageError } from '../failure.js';
import { settled } from '../follow.js';
import { table } from '../output.js';
import { openProgress } from '../progress.js';
import { studied } from '../studied.js';
import { homeOf, withApi } from '../with-api.js';

const KIND = 'parity' satisfies StudyKind;

/** Where Open-i's images are not at hand: enough patients for every slice of the published split but that of calcified nodules. */
const SIMULATED = { patients: 300, seed: 20_261 } as const;
const SIMULATED_NAME = `openi-simulator-parity-${SIMULATED.patients}`;

/** What the published project reports of its own test set (53 of 76), which the table is to be held against. */
const PUBLISHED =
  'Published: "69.33 %"; its own table implies 53 of 76, 69.7 % [58.7, 78.9], where "normal" always gives 65.8 %.';

function aboutSplit({ split }: ParityResult): string[] {
  const { images, overlap, straddling, straddlingPatients, abnormalCalledNormal } = split;
  const list = (ids: readonly string[]) => (ids.length === 0 ? 'none' : ids.join(', '));
  return [
    `The published split of these ${split.records} records (${split.distinctLabels} labels by text; ${split.normal} normal, ${split.nodule} nodule, ${split.calcinosisnodule} calcinosisnodule):`,
    `- ${images.train} images to train on, ${images.test} to test${split.asPublished ? ', as published' : '; published: 177 and 76, of the 7,469 records of labels.json'}`,
    `- in both sets: ${list(overlap)}`,
    `- tested, though their patient is trained on: ${list(straddling)} (${straddlingPatients.length} patients)`,
    `- called normal though they say abnormal: ${list(abnormalCalledNormal)}`,
  ];
}

export function describeParity(result: ParityResult): string {
  const rows = result.arms.map((one) => [
    one.arm,
    `${one.images.train}/${one.images.test}`,
    one.testedOfTrainedPatients,
    estimateText(one.auc),
    estimateText(one.accuracy),
    one.difference === null ? '' : estimateText(one.difference, 'signed'),
  ]);
  return [
    `parity with the published project, ${result.seeds} seeds, on ${result.collections.join(', ')}`,
    ...(result.synthetic
      ? ["SYNTHETIC: phantoms of the Open-i simulator, not Open-i's images; these numbers say nothing about patients."]
      : []),
    ...(result.untrainedBackbone ? ['The backbone is untrained: these numbers mean nothing.'] : []),
    '',
    ...aboutSplit(result),
    '',
    table(
      ['faults', 'train/test', 'of trained patients', 'AUC [95 %]', 'accuracy [95 %]', 'AUC against no fault'],
      rows,
    ),
    '',
    result.sentence,
    PUBLISHED,
    '',
    result.notice,
  ].join('\n');
}

/** Collections of Open-i's own images, or those that were named. */
export async function chosenCollections(api: Pick<ApiClient, 'all'>, names: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  const found = new Set<string>();
  for await (const one of api.all('/api/collections', collectionSchema)) {
    const isOpenI = (one.source === 'openi' || one.source === 'dump') && one.purpose === 'dataset';
    const wanted = names.length > 0 ? names.includes(one.name) : isOpenI && !one.synthetic && one.counts.extracted > 0;
    if (!wanted) continue;
    ids.push(one.id);
    found.add(one.name);
  }
  const missing = names.find((name) => !found.has(name));
  if (missing !== undefined) throw new UsageError(`there is no collection ${missing}`);
  return ids.sort();
}

/** Whether there is an API whose scraper somebody else has set up. */
async function stackIsUp(context: Context): Promise<boolean> {
  return context.environment['XVISION_URL'] !== undefined || (await findRunningStack(homeOf(context))) !== undefined;
}

async function parity(context: Context, names: readonly string[]): Promise<void> {
  const running = await stackIsUp(context);
  await using simulator = running ? undefined : await startSimulator({ port: 0, ...SIMULATED });
  const needs = simulator === undefined ? {} : { serviceEnvironment: { OPENI_URL: simulator.url } };
  const work = async (api: ApiClient): Promise<ParityResult> => {
    const progress = openProgress(context.output, context.stderr);
    try {
      let collections = await chosenCollections(api, names);
      if (collections.length === 0) {
        if (running) throw noImages();
        context.output.note(
          'no images of Open-i in the catalogue. SYNTHETIC: taking those of the Open-i simulator instead, which say nothing about patients',
        );
        collections = [(await api.collect({ source: 'openi', name: SIMULATED_NAME })).id];
      }
      await settled(api, collections, progress);
      return await studied(api, { kind: KIND, collections }, progress);
    } finally {
      progress.stop();
    }
  };
  context.output.result(await withApi(context, work, needs), describeParity);
}

function noImages(): CommandError {
  return new CommandError(
    'the stack that runs has no images of Open-i: collect them (xvision collect openi, or the labels.json of the ' +
      'published project with xvision collect dump), name a collection, or stop the stack, and this command ' +
      'starts one with the Open-i simulator',
  );
}

export function addParity(program: Command, context: Context): void {
  program
    .command('parity')
    .description(
      "the published project's rule, split, order and faults on purpose, and what each fault does to the result",
    )
    .argument('[collection...]', 'names of Open-i collections; by default all with images, else the simulator')
    .addHelpText('after', '\nExample:\n  xvision parity')
    .action((names: string[]) => parity(context, names));
}
