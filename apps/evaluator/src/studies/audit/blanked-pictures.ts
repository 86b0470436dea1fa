import { openVgg16, type Vgg16 } from '@xvision/backbone';
import { listMemberFingerprints } from '@xvision/catalogue';
import { type AuditCheck, POOL5_LENGTH } from '@xvision/contracts';
import { judgeBlanked, modelAuc, pairedAucDifference } from '@xvision/evaluation';
import { readPrepared } from '@xvision/imaging';
import { openTrainingPool, planOf, type SharedRows, setRow, sharedRows, trainHead } from '@xvision/learning';
import type { RunFacts } from '../../run-report.js';
import { type StudyHooks, type StudyNeeds, UnfitStudyError } from '../study.js';
import { blanked, CENTRE_SHARE, type Region } from './blank.js';
import { withOneNetwork } from './permuted-labels.js';

/** Two forward passes an image: with more images, evenly chosen ones stand for all. */
const MOST = 400;

const ABOUT: Readonly<Record<Region, string>> = {
  centre: `trained and tested on pictures whose central ${CENTRE_SHARE * 100} % a side are blank: what is told from the rest`,
  borders: `trained and tested on pictures of which only the central ${CENTRE_SHARE * 100} % a side are left`,
};

type Facts = Pick<RunFacts, 'dataset' | 'members' | 'run'>;

/**
 * The run's own training and testing (one network, first repeat) on pictures with a region blanked. Throws
 * {@link UnfitStudyError} where the pictures cannot be passed through the model's own backbone here.
 */
export async function blankedChecks(needs: StudyNeeds, facts: Facts, hooks: StudyHooks): Promise<AuditCheck[]> {
  const { dataset, run } = facts;
  const weights = await needs.weights(!dataset.untrained);
  if (weights.identity !== dataset.weights || dataset.numerics !== 'float32') {
    throw new UnfitStudyError(
      `the evaluator has backbone weights ${weights.identity.slice(0, 12)} in float32, the model's features are of ${dataset.weights.slice(0, 12)} (${dataset.numerics})`,
    );
  }
  const places = chosenPlaces(facts);
  const prints = await listMemberFingerprints(needs.catalogue, run.id, { after: -1, limit: facts.members.length });
  const pictures = places.map((place) => prints.find(({ position }) => position === place)?.preparedSha256 ?? '');
  const checks: AuditCheck[] = [];
  await using vgg16 = await openVgg16({ weights, engine: 'onnx-cpu-winograd', threads: needs.threads });
  for (const region of ['centre', 'borders'] as const) {
    const rows = await rowsOf(needs, { vgg16, pictures, region }, hooks);
    checks.push(await checkOf(needs, { facts, places, rows, region }, hooks));
  }
  return checks;
}

/** Of images that the first repeat tests, evenly over the dataset. */
function chosenPlaces({ members }: Facts): number[] {
  const tested = members.flatMap(({ folds, scores }, place) =>
    (folds[0] ?? -1) >= 0 && scores.length > 0 ? [place] : [],
  );
  if (tested.length < members.length) {
    throw new UnfitStudyError('a hold-out split is not trained again on blanked pictures: cross-validate instead');
  }
  const step = Math.max(1, tested.length / MOST);
  return Array.from({ length: Math.min(MOST, tested.length) }, (_, n) => tested[Math.floor(n * step)] ?? 0);
}

async function rowsOf(
  { blobs }: StudyNeeds,
  given: { vgg16: Vgg16; pictures: readonly string[]; region: Region },
  { progress, signal }: StudyHooks,
): Promise<SharedRows> {
  const { vgg16, pictures, region } = given;
  const rows = sharedRows(pictures.length, POOL5_LENGTH);
  for (const [place, sha256] of pictures.entries()) {
    signal.throwIfAborted();
    progress(place, pictures.length, `${region} blanked`);
    const rgb = await readPrepared(await blobs.get(sha256));
    setRow(rows, place, { values: await vgg16.pool5(blanked(rgb, region), 1), name: `picture ${sha256}` });
  }
  return rows;
}

async function checkOf(
  { threads }: StudyNeeds,
  given: { facts: Facts; places: readonly number[]; rows: SharedRows; region: Region },
  { signal }: StudyHooks,
): Promise<AuditCheck> {
  const { facts, places, rows, region } = given;
  const members = places.flatMap((place) => facts.members[place] ?? []);
  const labels = members.map(({ label }) => label);
  const patients = members.map(({ patient }) => patient);
  const classes = facts.dataset.task.classes.length;
  const plan = { ...planOf([members.map(({ folds }) => folds[0] ?? 0)]), delivered: null };
  await using pool = openTrainingPool({ threads });
  const settings = withOneNetwork(facts.run.settings);
  const head = await trainHead(pool, { rows, labels: Int32Array.from(labels), classes, plan, settings }, { signal });
  const probabilities: number[][] = members.map(() => []);
  for (const { test, probabilities: scored } of head.scores) {
    for (const [row, place] of test.entries()) {
      probabilities[place] = Array.from(scored.subarray(row * classes, (row + 1) * classes));
    }
  }
  const whole = members.map(({ scores }) => scores.find(({ repeat }) => repeat === 0)?.probabilities ?? []);
  const auc = modelAuc({ labels, probabilities, patients });
  const gain = pairedAucDifference({ labels, patients, first: whole, second: probabilities });
  const check = region === 'centre' ? 'centre-blanked' : 'borders-blanked';
  return { check, about: ABOUT[region], images: members.length, auc, gain, ...judgeBlanked(region, { auc, gain }) };
}
