import {
  type Fingerprint,
  fingerprintSchema,
  NEAR_DUPLICATE_DISTANCE,
  POOL5_LENGTH,
  type Task,
} from '@xvision/contracts';
import { labelOf } from '@xvision/learning';
import type { Command } from 'commander';
import { validate } from 'uuid';
import type { ApiClient } from '../api-client.js';
import type { Context } from '../context.js';
import { CommandError } from '../failure.js';
import { savedTask, taskAtHand } from '../find-task.js';
import { nearRows, normaliseRow } from '../leaks/feature-pairs.js';
import { type LeakPair, leakPair, mayLeak, samePictures, sharedIdentities } from '../leaks/find-leaking-pairs.js';
import { table } from '../output.js';
import { openProgress, type Progress } from '../progress.js';
import { withApi } from '../with-api.js';

/**
 * Rows at least this near are taken for crops or copies of one picture. Measured (docs/decisions/0096): different patients
 * are at most .82 (all 244 of jsrt128), crops by 1 % .86 there and .97 on kermany in the middle.
 */
const NEAR_COSINE = 0.85;

/** Rows fetched at once. */
const READERS = 6;

interface LeakReport {
  readonly about: string;
  readonly images: number;
  readonly patients: number;
  /** Images that could not be compared by their picture, or by their features. */
  readonly withoutHash: number;
  readonly withoutFeatures: number;
  readonly leaks: readonly LeakPair[];
}

async function imagesOf(api: ApiClient, about: string, task: Task | undefined): Promise<Fingerprint[]> {
  const path = task === undefined ? `/api/runs/${about}/fingerprints` : '/api/fingerprints';
  const images: Fingerprint[] = [];
  for await (const image of api.all(path, fingerprintSchema)) {
    if (task !== undefined && (!task.views.includes(image.view) || labelOf(task, image.labels) === undefined)) continue;
    images.push(image);
  }
  if (images.length > 0) return images;
  throw new CommandError(
    task === undefined
      ? `run ${about} has no dataset (yet): wait until it trains`
      : `no collected image has a class of the task ${task.name}`,
  );
}

/** pool5 rows of length one, in the order of the images. */
async function rowsOf(api: ApiClient, images: readonly Fingerprint[], progress: Progress): Promise<Float32Array> {
  const values = new Float32Array(images.length * POOL5_LENGTH);
  const places = images.entries();
  let done = 0;
  const read = async (): Promise<void> => {
    for (const [place, { imageId, featureSha256 }] of places) {
      const bytes = await api.bytes(`/api/images/${imageId}/features?sha256=${featureSha256}`);
      const row = new Float32Array(bytes.slice().buffer);
      normaliseRow(row);
      values.set(row, place * POOL5_LENGTH);
      done += 1;
      progress.update([{ stage: 'features', done, total: images.length }]);
    }
  };
  await Promise.all(Array.from({ length: READERS }, read));
  return values;
}

async function nearFeatures(
  api: ApiClient,
  images: readonly Fingerprint[],
  { known, progress }: { known: readonly LeakPair[]; progress: Progress },
): Promise<LeakPair[]> {
  const described = images.filter(({ featureSha256 }) => featureSha256 !== null);
  const told = new Set(known.map(({ first, second }) => `${first.imageId} ${second.imageId}`));
  const values = await rowsOf(api, described, progress);
  const pairs = await nearRows({ values, width: POOL5_LENGTH }, { least: NEAR_COSINE, mayLeak: mayLeak(described) });
  return pairs
    .map((pair) => leakPair(described, { ...pair, kind: 'near features', detail: `cosine ${pair.cosine.toFixed(3)}` }))
    .filter(({ first, second }) => !told.has(`${first.imageId} ${second.imageId}`));
}

function describe({ about, images, patients, withoutHash, withoutFeatures, leaks }: LeakReport): string {
  const sets = (folds: readonly number[] | null) =>
    folds === null ? 'any' : folds.map((fold) => (fold < 0 ? 'train' : fold)).join(',');
  const rows = leaks.map(({ kind, detail, first, second }) => [
    kind,
    `${first.file} (${first.patient})`,
    sets(first.folds),
    `${second.file} (${second.patient})`,
    sets(second.folds),
    detail,
  ]);
  const unseen = [
    ...(withoutHash > 0 ? [`${withoutHash} images have no perceptual hash: prepare them again to compare them`] : []),
    ...(withoutFeatures > 0 ? [`${withoutFeatures} images were not compared by their features`] : []),
  ];
  const verdict = `${about}: ${leaks.length === 0 ? 'no leaks' : `${leaks.length} leaks`} among ${images} images of ${patients} patients`;
  const shown = leaks.length === 0 ? [] : [table(['shared', 'one', 'sets', 'other', 'sets', 'what'], rows), ''];
  return [...shown, verdict, ...unseen].join('\n');
}

async function checkLeaks(context: Context, about: string, { features }: { features: boolean }): Promise<void> {
  const isRun = validate(about);
  const atHand = isRun ? undefined : await taskAtHand(context, about);
  const report = await withApi(context, async (api): Promise<LeakReport> => {
    const task = isRun ? undefined : (atHand ?? (await savedTask(api, about)));
    const images = await imagesOf(api, about, task);
    const progress = openProgress(context.output, context.stderr);
    const known = [...sharedIdentities(images), ...samePictures(images, NEAR_DUPLICATE_DISTANCE)];
    const near = features ? await nearFeatures(api, images, { known, progress }) : [];
    progress.stop();
    return {
      about,
      images: images.length,
      patients: new Set(images.map(({ patient }) => patient)).size,
      withoutHash: images.filter(({ perceptualHash }) => perceptualHash === null).length,
      withoutFeatures: features ? images.filter(({ featureSha256 }) => featureSha256 === null).length : images.length,
      leaks: [...known, ...near],
    };
  });
  context.output.result(report, describe);
  if (report.leaks.length > 0) throw new CommandError(`${about} leaks: what is trained on is also tested`);
}

export function addCheckLeaks(program: Command, context: Context): void {
  program
    .command('check-leaks')
    .description('patients, ids, equal and nearly equal pictures that are, or could be, trained on and tested at once')
    .argument(
      '<task|run>',
      'a task (by name or file: any two patients may be parted), or the id of a run (its own folds)',
    )
    .option('--no-features', 'compare pixels only: finds copies, not crops, and fetches no features')
    .addHelpText('after', '\nExample:\n  xvision check-leaks nodule')
    .action((about: string, options: { features: boolean }) => checkLeaks(context, about, options));
}
