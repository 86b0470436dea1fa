import { type Calibration, calibrate, openVgg16Int8 } from '@xvision/backbone';
import type { Int8Calibration, QuantizeResult, RequestOf } from '@xvision/contracts';
import { acceptance } from '@xvision/evaluation';
import { readPrepared } from '@xvision/imaging';
import type { SharedRows } from '@xvision/learning';
import { reportOnRun } from '../../run-report.js';
import { factsOfRun } from '../facts-of-run.js';
import { choosePictures, rowsOfPictures, trainedOnRows } from '../pictures-of-run.js';
import { rowsOfDataset } from '../rows-of-dataset.js';
import { type StudyHooks, type StudyNeeds, UnfitStudyError } from '../study.js';

/** One forward pass an image: with more images, evenly chosen ones stand for all. */
const MOST = 700;

/**
 * Calibrates an int8 network on the images of a run, passes them through it, trains and tests the run's folds again on
 * those rows, and keeps the calibration only where the AUC is shown to be the same within the margin.
 */
export async function quantizeRun(
  needs: StudyNeeds,
  { about, calibrationImages }: RequestOf<'quantize'>,
  hooks: StudyHooks,
): Promise<QuantizeResult> {
  const facts = await factsOfRun(needs.catalogue, about);
  const { dataset, run } = facts;
  const weights = await needs.weights(!dataset.untrained);
  if (weights.identity !== dataset.weights || dataset.numerics !== 'float32') {
    throw new UnfitStudyError(
      `an int8 network is held against float32 features of its own weights; this run's are of ${dataset.weights.slice(0, 12)} (${dataset.numerics}), the evaluator has ${weights.identity.slice(0, 12)}`,
    );
  }
  const { places, prepared } = await choosePictures(needs, facts, MOST);
  const calibration = await calibrate(weights, evenly(needs, { prepared, count: calibrationImages }, hooks), {
    threads: needs.threads,
  });
  await using vgg16 = await openVgg16Int8({ weights, calibration, threads: needs.threads });
  const rows = await rowsOfPictures(needs, { vgg16, prepared, what: 'through the int8 network' }, hooks);
  const featureShift = shiftOf(await rowsOfDataset(needs, dataset.sha256, facts.members.length), { rows, places });
  const { ownAuc, auc, difference } = await trainedOnRows(
    needs,
    { facts, places, rows, settings: run.settings },
    hooks,
  );
  const verdict = acceptance(difference);
  const { report } = reportOnRun(facts);
  return {
    kind: 'quantize',
    task: run.taskName,
    head: run.settings.head,
    synthetic: report.synthetic,
    images: places.length,
    calibrationImages: calibration.images,
    numerics: vgg16.numerics,
    featureShift,
    floatAuc: ownAuc,
    int8Auc: auc,
    difference,
    ...verdict,
    calibration: verdict.accepted
      ? await keep(needs, calibration, {
          dataset: dataset.sha256,
          task: run.taskName,
          difference,
          margin: verdict.margin,
        })
      : null,
    notice: 'Research use only; not a medical device',
  };
}

async function* evenly(
  { blobs }: StudyNeeds,
  { prepared, count }: { prepared: readonly string[]; count: number },
  { progress, signal }: StudyHooks,
): AsyncGenerator<Uint8Array> {
  const most = Math.min(count, prepared.length);
  for (let n = 0; n < most; n += 1) {
    signal.throwIfAborted();
    progress(n, most, 'calibrated');
    yield await readPrepared(await blobs.get(prepared[Math.floor((n * prepared.length) / most)] ?? ''));
  }
}

/** Relative L2 of each row against the exact one. */
function shiftOf(
  exact: SharedRows,
  { rows, places }: { rows: SharedRows; places: readonly number[] },
): QuantizeResult['featureShift'] {
  const shifts = places.map((place, row) => {
    const one = exact.values.subarray(place * exact.width, (place + 1) * exact.width);
    const other = rows.values.subarray(row * rows.width, (row + 1) * rows.width);
    let [apart, length] = [0, 0];
    for (const [index, value] of one.entries()) {
      apart += (value - (other[index] ?? 0)) ** 2;
      length += value ** 2;
    }
    return Math.sqrt(apart / length);
  });
  const sorted = shifts.toSorted((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)] ?? 0, largest: sorted.at(-1) ?? 0 };
}

async function keep(
  { blobs }: StudyNeeds,
  { weights, images, maxima, identity }: Calibration,
  evidence: Int8Calibration['evidence'],
): Promise<string> {
  const file: Int8Calibration = { format: 'xvision-int8-1', weights, images, maxima: [...maxima], identity, evidence };
  return await blobs.put(new TextEncoder().encode(JSON.stringify(file)));
}
