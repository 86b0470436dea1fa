import type { Vgg16 } from '@xvision/backbone';
import { listMemberFingerprints } from '@xvision/catalogue';
import { POOL5_LENGTH, type RunSettings } from '@xvision/contracts';
import { modelAuc, pairedAucDifference } from '@xvision/evaluation';
import { readPrepared } from '@xvision/imaging';
import { openTrainingPool, planOf, type SharedRows, setRow, sharedRows, trainHead } from '@xvision/learning';
import type { RunFacts } from '../run-report.js';
import { type StudyHooks, type StudyNeeds, UnfitStudyError } from './study.js';

type Facts = Pick<RunFacts, 'dataset' | 'members' | 'run'>;

/** Members of a run's dataset whose pictures are passed through the network again. */
export interface ChosenPictures {
  /** Places in the dataset. */
  readonly places: readonly number[];
  /** Of the network inputs, place by place. */
  readonly prepared: readonly string[];
}

/**
 * At most so many members, evenly over the dataset; forward passes take the time. Throws {@link UnfitStudyError} for a
 * hold-out split, whose test is not to be looked at again and again.
 */
export async function choosePictures({ catalogue }: StudyNeeds, facts: Facts, most: number): Promise<ChosenPictures> {
  const { members, run } = facts;
  if (!members.every(({ folds, scores }) => (folds[0] ?? -1) >= 0 && scores.length > 0)) {
    throw new UnfitStudyError('a hold-out split is not trained again on other pictures: cross-validate instead');
  }
  const prints = await listMemberFingerprints(catalogue, run.id, { after: -1, limit: members.length });
  const step = Math.max(1, members.length / most);
  const places = Array.from({ length: Math.min(most, members.length) }, (_, n) => Math.floor(n * step));
  return {
    places,
    prepared: places.map((place) => prints.find(({ position }) => position === place)?.preparedSha256 ?? ''),
  };
}

/** pool5 of each picture, after `change`. */
export async function rowsOfPictures(
  { blobs }: StudyNeeds,
  given: {
    vgg16: Pick<Vgg16, 'pool5'>;
    prepared: readonly string[];
    what: string;
    change?: (rgb: Uint8Array) => Uint8Array;
  },
  { progress, signal }: StudyHooks,
): Promise<SharedRows> {
  const { vgg16, prepared, what, change = (rgb) => rgb } = given;
  const rows = sharedRows(prepared.length, POOL5_LENGTH);
  for (const [place, sha256] of prepared.entries()) {
    signal.throwIfAborted();
    progress(place, prepared.length, what);
    const rgb = await readPrepared(await blobs.get(sha256));
    setRow(rows, place, { values: await vgg16.pool5(change(rgb), 1), name: `picture ${sha256}` });
  }
  return rows;
}

/**
 * The run's folds of the first repeat, trained and tested again on other rows of the same members. `gain` is the run's own
 * AUC on these members minus the new one, paired.
 */
export async function trainedOnRows(
  { threads }: StudyNeeds,
  given: { facts: Facts; places: readonly number[]; rows: SharedRows; settings: RunSettings },
  { signal }: StudyHooks,
) {
  const { facts, places, rows, settings } = given;
  const members = places.flatMap((place) => facts.members[place] ?? []);
  const labels = members.map(({ label }) => label);
  const patients = members.map(({ patient }) => patient);
  const classes = facts.dataset.task.classes.length;
  const plan = { ...planOf([members.map(({ folds }) => folds[0] ?? 0)]), delivered: null };
  await using pool = openTrainingPool({ threads });
  const head = await trainHead(pool, { rows, labels: Int32Array.from(labels), classes, plan, settings }, { signal });
  const probabilities: number[][] = members.map(() => []);
  for (const { test, probabilities: scored } of head.scores) {
    for (const [row, place] of test.entries()) {
      probabilities[place] = Array.from(scored.subarray(row * classes, (row + 1) * classes));
    }
  }
  const own = members.map(({ scores }) => scores.find(({ repeat }) => repeat === 0)?.probabilities ?? []);
  return {
    ownAuc: modelAuc({ labels, probabilities: own, patients }),
    auc: modelAuc({ labels, probabilities, patients }),
    gain: pairedAucDifference({ labels, patients, first: own, second: probabilities }),
    difference: pairedAucDifference({ labels, patients, first: probabilities, second: own }),
  };
}
