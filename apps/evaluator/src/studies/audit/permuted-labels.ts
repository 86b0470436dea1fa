import { listDatasetMembers } from '@xvision/catalogue';
import { POOL5_LENGTH, type RunSettings } from '@xvision/contracts';
import { meanAucStatistic, permuteLabelsByPatient } from '@xvision/evaluation';
import {
  openTrainingPool,
  planOf,
  type SharedRows,
  setRow,
  sharedRows,
  type TrainedHead,
  trainHead,
} from '@xvision/learning';
import type { RunFacts } from '../../run-report.js';
import { readRow } from '../../scoring-head.js';
import { type StudyHooks, type StudyNeeds, UnfitStudyError } from '../study.js';

/** Deals of the labels. */
const DEALS = 5;

/**
 * AUC of the run's own training and testing on labels dealt out anew among patients, once for each deal. An ensemble is
 * tried with one network: what leaks does so with one as well.
 */
export async function aucsOfPermutedLabels(
  needs: StudyNeeds,
  { dataset, members, run }: Pick<RunFacts, 'dataset' | 'members' | 'run'>,
  { progress, signal }: StudyHooks,
): Promise<number[]> {
  const rows = await loadRows(needs, dataset.sha256, members.length);
  const repeats = members[0]?.folds.length ?? 0;
  const plan = planOf(Array.from({ length: repeats }, (_, repeat) => members.map(({ folds }) => folds[repeat] ?? -1)));
  const patients = members.map(({ patient }) => patient);
  const classes = dataset.task.classes.length;
  await using pool = openTrainingPool({ threads: needs.threads });
  const aucs: number[] = [];
  for (let deal = 0; deal < DEALS; deal += 1) {
    progress(deal, DEALS, 'trained on permuted labels');
    const labels = permuteLabelsByPatient(
      members.map(({ label }) => label),
      patients,
      run.settings.seed + deal,
    );
    const head = await trainHead(
      pool,
      {
        rows,
        labels: Int32Array.from(labels),
        classes,
        plan: plan.folds.length === 0 ? plan : { ...plan, delivered: null },
        settings: withOneNetwork(run.settings),
      },
      { signal },
    );
    const auc = pooledAuc(head, { labels, classes });
    if (auc !== null) aucs.push(auc);
  }
  return aucs;
}

function withOneNetwork(settings: RunSettings): RunSettings {
  return settings.head === 'seed-ensemble' ? { ...settings, head: 'seed-mlp' } : settings;
}

async function loadRows({ catalogue, blobs }: StudyNeeds, dataset: string, count: number): Promise<SharedRows> {
  const rows = sharedRows(count, POOL5_LENGTH);
  const members = await listDatasetMembers(catalogue, dataset, { after: -1, limit: count });
  if (members.length !== count) {
    throw new UnfitStudyError(`dataset ${dataset} has ${members.length} members in the catalogue instead of ${count}`);
  }
  for (const { position, featureSha256, file } of members) {
    setRow(rows, position, { values: await readRow(blobs, featureSha256), name: file });
  }
  return rows;
}

/** Of each image's scores summed over the repeats in which it was tested: each in as many as every other. */
function pooledAuc(
  { scores }: Pick<TrainedHead, 'scores'>,
  { labels, classes }: { readonly labels: readonly number[]; readonly classes: number },
): number | null {
  const sums = new Map<number, number[]>();
  for (const { test, probabilities } of scores) {
    for (const [row, image] of test.entries()) {
      const own = probabilities.subarray(row * classes, (row + 1) * classes);
      const before = sums.get(image);
      sums.set(
        image,
        Array.from(own, (value, k) => value + (before?.[k] ?? 0)),
      );
    }
  }
  const images = [...sums.keys()];
  const statistic = meanAucStatistic({
    labels: images.map((image) => labels[image] ?? 0),
    probabilities: images.map((image) => sums.get(image) ?? []),
  });
  return statistic(new Float64Array(images.length).fill(1));
}
