import type { RunSettings } from '@xvision/contracts';
import { meanAucStatistic, permuteLabelsByPatient } from '@xvision/evaluation';
import { openTrainingPool, planOf, type TrainedHead, trainHead } from '@xvision/learning';
import type { RunFacts } from '../../run-report.js';
import { rowsOfDataset } from '../rows-of-dataset.js';
import type { StudyHooks, StudyNeeds } from '../study.js';

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
  const rows = await rowsOfDataset(needs, dataset.sha256, members.length);
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

/** The settings of one network: what an ensemble of five costs five times. */
export function withOneNetwork(settings: RunSettings): RunSettings {
  return settings.head === 'seed-ensemble' ? { ...settings, head: 'seed-mlp' } : settings;
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
