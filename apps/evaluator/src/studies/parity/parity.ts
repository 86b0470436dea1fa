import {
  type ParityArm,
  type ParityResult,
  POOL5_LENGTH,
  type RequestOf,
  type RunSettings,
  runSettingsSchema,
} from '@xvision/contracts';
import { accuracyOverSeeds, aucDifferenceOverSeeds, aucOverSeeds, type SeedScores } from '@xvision/evaluation';
import {
  openBatchMoments,
  openTrainingPool,
  type ParitySets,
  paritySets,
  presetTasks,
  SharedProducts,
  type SharedRows,
  seedSplitFacts,
  setRow,
  sharedRows,
  type TrainingPool,
  trainHead,
  UnfitDatasetError,
} from '@xvision/learning';
import { readRow } from '../../scoring-head.js';
import { type StudyHooks, type StudyNeeds, UnfitStudyError } from '../study.js';
import { type Arm, parityArms } from './parity-arms.js';
import { type CollectedRecord, type ParityMaterial, parityRecords } from './parity-records.js';
import { paritySentence } from './parity-sentence.js';

const SEEDS = [1, 2, 3, 4, 5] as const;

/** The published project's own, which are the defaults of a run. */
function settingsOf(collections: readonly string[]): RunSettings {
  return runSettingsSchema.parse({ task: presetTasks['seed'], collections, head: 'seed-mlp' });
}

/**
 * Reproduces the published project on its collection, or another of its kind, and takes its faults away one by one. The
 * same records and features give the same bytes.
 */
export async function parity(
  needs: StudyNeeds,
  { collections }: RequestOf<'parity'>,
  hooks: StudyHooks,
): Promise<ParityResult> {
  const material = await parityRecords(needs, collections);
  return await refusingPlainly(async () => {
    const split = describeSplit(material.records);
    const dealt = parityArms().map((arm) => ({
      arm,
      sets: SEEDS.map((seed) => paritySets(material.records, { faults: arm.faults, seed })),
    }));
    const arms = await tryArms(needs, { material, dealt, settings: settingsOf(collections) }, hooks);
    return {
      kind: 'parity',
      collections: [...material.names],
      synthetic: material.synthetic,
      untrainedBackbone: material.untrainedBackbone,
      seeds: SEEDS.length,
      split,
      arms,
      sentence: paritySentence(arms),
      notice: 'Research use only; not a medical device',
    };
  });
}

async function refusingPlainly<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UnfitDatasetError) throw new UnfitStudyError(error.message, { cause: error });
    throw error;
  }
}

function describeSplit(records: readonly CollectedRecord[]): ParityResult['split'] {
  const { train, test, labels, ...facts } = seedSplitFacts(records);
  const count = (label: string) => labels.get(label) ?? 0;
  return {
    records: records.length,
    distinctLabels: labels.size,
    normal: count('normal'),
    nodule: count('nodule'),
    calcinosisnodule: count('calcinosisnodule'),
    images: { train, test },
    overlap: [...facts.overlap],
    straddling: [...facts.straddling],
    straddlingPatients: [...facts.straddlingPatients],
    abnormalCalledNormal: [...facts.abnormalCalledNormal],
    asPublished: train === 177 && test === 76 && facts.overlap.length === 5,
  };
}

interface Dealt {
  readonly arm: Arm;
  /** One per seed. */
  readonly sets: readonly ParitySets[];
}

async function tryArms(
  needs: StudyNeeds,
  { material, dealt, settings }: { material: ParityMaterial; dealt: readonly Dealt[]; settings: RunSettings },
  { progress, signal }: StudyHooks,
): Promise<ParityArm[]> {
  const everyone = dealt.flatMap(({ sets }) => sets.flatMap(({ train, test }) => [...train, ...test]));
  const used = new Set(everyone.map(({ id }) => id));
  const records = material.records.filter(({ id }) => used.has(id));
  const rows = await rowsOf(needs, records);
  await using pool = openTrainingPool({ threads: needs.threads });
  await using batchMoments = await openBatchMoments(2);
  const products = new SharedProducts(pool, rows);
  const bench = { records, rows, pool, products, batchMoments, settings, placeOf: placesOf(records) };
  const total = dealt.length * SEEDS.length;
  const arms: ParityArm[] = [];
  let clean: readonly SeedScores[] | undefined;
  for (const [index, { arm, sets }] of dealt.entries()) {
    const scores: SeedScores[] = [];
    for (const [n, seed] of SEEDS.entries()) {
      progress(index * SEEDS.length + n, total, 'trained with and without the faults');
      const own = sets[n];
      if (own !== undefined) scores.push(await tryOnce(bench, { arm, sets: own, seed }, signal));
    }
    arms.push(describeArm({ arm, sets, scores, clean }, bench));
    clean ??= scores;
  }
  return arms;
}

interface Bench {
  readonly records: readonly CollectedRecord[];
  readonly rows: SharedRows;
  readonly pool: TrainingPool;
  readonly products: SharedProducts;
  readonly batchMoments: Awaited<ReturnType<typeof openBatchMoments>>;
  readonly settings: RunSettings;
  readonly placeOf: ReadonlyMap<string, number>;
}

async function rowsOf({ blobs }: StudyNeeds, records: readonly CollectedRecord[]): Promise<SharedRows> {
  const rows = sharedRows(records.length, POOL5_LENGTH);
  for (const [place, { id, featureSha256 }] of records.entries()) {
    setRow(rows, place, { values: await readRow(blobs, featureSha256 ?? ''), name: id });
  }
  return rows;
}

function placesOf(records: readonly CollectedRecord[]): ReadonlyMap<string, number> {
  return new Map(records.map(({ id }, place) => [id, place]));
}

async function tryOnce(
  { records, rows, pool, products, batchMoments, placeOf, ...bench }: Bench,
  { arm, sets, seed }: { arm: Arm; sets: ParitySets; seed: number },
  signal: AbortSignal,
): Promise<SeedScores> {
  const places = (members: ParitySets['train']) => Int32Array.from(members, ({ id }) => placeOf.get(id) ?? -1);
  const labels = new Int32Array(records.length);
  for (const { id, label } of [...sets.train, ...sets.test]) labels[placeOf.get(id) ?? -1] = label;
  const test = places(sets.test);
  const plan = { folds: [], delivered: { train: places(sets.train), test } };
  const order = arm.faults.has('fixed-order') ? ('fixed' as const) : ('shuffled' as const);
  const settings = { ...bench.settings, seed, order };
  const head = await trainHead(pool, { rows, labels, classes: 2, plan, settings, products }, { signal });
  const scored = arm.faults.has('batch-moments')
    ? await batchMoments.score(head.tensors, { rows, places: test, batchSize: settings.batchSize })
    : head.scores[0]?.probabilities;
  return {
    labels: sets.test.map(({ label }) => label),
    patients: Array.from(test, (place) => records[place]?.patient ?? ''),
    probabilities: Array.from(test, (_, row) => [scored?.[row * 2] ?? 0, scored?.[row * 2 + 1] ?? 0]),
  };
}

function describeArm(
  given: {
    arm: Arm;
    sets: readonly ParitySets[];
    scores: readonly SeedScores[];
    clean: readonly SeedScores[] | undefined;
  },
  { records, placeOf }: Bench,
): ParityArm {
  const { arm, sets, scores, clean } = given;
  const { train = [], test = [] } = sets[0] ?? {};
  const patient = ({ id }: { id: string }) => records[placeOf.get(id) ?? -1]?.patient;
  const trained = new Set(train.map(patient));
  return {
    arm: arm.name,
    faults: [...arm.faults],
    images: { train: train.length, test: test.length },
    testedOfTrainedPatients: test.filter((one) => trained.has(patient(one))).length,
    auc: aucOverSeeds(scores),
    accuracy: accuracyOverSeeds(scores),
    difference: clean === undefined ? null : aucDifferenceOverSeeds(scores, clean),
  };
}
