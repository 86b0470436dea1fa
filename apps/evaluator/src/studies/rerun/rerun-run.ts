import { createHash } from 'node:crypto';
import { findDataset, listEpochViews, type RunRow } from '@xvision/catalogue';
import type { RequestOf, RerunResult, TrainingForm } from '@xvision/contracts';
import { meanAuc } from '@xvision/evaluation';
import {
  DivergedError,
  headCardSchema,
  openTrainingPool,
  trainDataset,
  trainingEngine,
  UnfitDatasetError,
  writeSafetensors,
} from '@xvision/learning';
import { factsOfRun } from '../facts-of-run.js';
import { rowsOfDataset } from '../rows-of-dataset.js';
import { type StudyHooks, type StudyNeeds, UnfitStudyError } from '../study.js';
import { type Computed, comparedLinks } from './compared-links.js';
import { equivalenceOf } from './equivalence.js';

/**
 * Trains everything of a run again from its frozen dataset and compares: loss after loss, score after score, and the
 * model's bytes. On the engine that trained it every bit must be the same; on another one the pooled AUC, within a margin.
 */
export async function rerunRun(
  needs: StudyNeeds,
  { about }: RequestOf<'rerun'>,
  { progress, signal }: StudyHooks,
): Promise<RerunResult> {
  const { run, model, dataset, members } = await factsOfRun(needs.catalogue, about);
  const card = headCardSchema.parse(model.card);
  const form = card.training?.form ?? 'dual';
  const engineNow = await trainingEngine(form, needs.nativeModules);
  const engineThen = card.training?.engine ?? null;
  progress(0, 1, 'features read');
  const again = await trainedAgain(needs, { run, datasetSha256: dataset.sha256, form }, { progress, signal });
  const recorded: Computed = {
    curves: await curvesOf(needs, run.id),
    scores: members.flatMap(({ scores }, place) =>
      scores.map(({ repeat, fold, probabilities }) => ({ repeat, fold, place, probabilities })),
    ),
    modelSha256: model.sha256,
  };
  const trainings = { recorded, again };
  const beside = engineThen === engineNow ? null : equivalenceOf(trainings, members);
  return {
    kind: 'rerun',
    task: run.taskName,
    synthetic: run.synthetic || dataset.synthetic,
    engineThen,
    engineNow,
    equivalence: beside === null ? null : beside.equivalence,
    links: beside === null ? comparedLinks(trainings) : [beside.link],
    notice: 'Research use only; not a medical device',
  };
}

async function curvesOf({ catalogue }: StudyNeeds, runId: string): Promise<Computed['curves']> {
  const curves = new Map<string, { fold: number; member: number; losses: number[] }>();
  for (const { fold, member, epoch, loss } of await listEpochViews(catalogue, runId)) {
    const curve = curves.get(`${fold} ${member}`) ?? { fold, member, losses: [] };
    curve.losses[epoch - 1] = loss;
    curves.set(`${fold} ${member}`, curve);
  }
  return [...curves.values()];
}

async function trainedAgain(
  needs: StudyNeeds,
  { run, datasetSha256, form }: { readonly run: RunRow; readonly datasetSha256: string; readonly form: TrainingForm },
  { progress, signal }: StudyHooks,
): Promise<Computed> {
  const dataset = await findDataset(needs.catalogue, datasetSha256);
  if (dataset === undefined) throw new UnfitStudyError(`dataset ${datasetSha256} is not in the catalogue`);
  const { task, members } = dataset;
  const folds = task.split.kind === 'cross-validation' ? task.split.folds : 1;
  const curves: Computed['curves'][number][] = [];
  await using pool = openTrainingPool({ threads: needs.threads, nativeModules: needs.nativeModules });
  const given = {
    rows: await rowsOfDataset(needs, datasetSha256, members.length),
    labels: Int32Array.from(members, ({ label }) => label),
    classes: task.classes.length,
    folds: members.map((member) => member.folds),
    settings: run.settings,
    form,
    merit: meanAuc,
  };
  const hooks = {
    signal,
    onProgress: (done: number, total: number) => progress(done, total, 'networks trained again'),
    onFold: ({ repeat, fold }: { repeat: number; fold: number }, member: number, losses: readonly number[]) =>
      void curves.push({ fold: repeat * folds + fold, member, losses }),
  };
  const { head } = await trainDataset(pool, given, hooks).catch((error: unknown) => {
    if (!(error instanceof DivergedError || error instanceof UnfitDatasetError)) throw error;
    throw new UnfitStudyError(`trained again it fails: ${error.message}`, { cause: error });
  });
  const hash = createHash('sha256');
  for await (const piece of writeSafetensors(head.tensors)) hash.update(piece);
  const { classes } = given;
  return {
    curves: [...head.losses.map((losses, member) => ({ fold: -1, member, losses })), ...curves],
    scores: head.scores.flatMap(({ repeat, fold, test, probabilities }) =>
      Array.from(test, (place, row) => {
        return { repeat, fold, place, probabilities: [...probabilities.subarray(row * classes, (row + 1) * classes)] };
      }),
    ),
    modelSha256: hash.digest('hex'),
  };
}
