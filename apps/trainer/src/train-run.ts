import type { BlobStore } from '@xvision/blob-store';
import {
  type Catalogue,
  copyLossCurves,
  DELIVERED_FOLD,
  emit,
  type FrozenDataset,
  findModelByContent,
  findRun,
  forgetSweepScores,
  hadEffect,
  type LossCurve,
  type ModelRow,
  type Origin,
  type RunRow,
  recordLossCurves,
  recordModel,
  recordTestScores,
  setRunState,
  setRunTraining,
  type Transaction,
} from '@xvision/catalogue';
import {
  type Envelope,
  modelTrained,
  PoisonMessageError,
  type RunRequested,
  type TrainingChoice,
  TransientError,
} from '@xvision/contracts';
import { meanAuc } from '@xvision/evaluation';
import {
  DivergedError,
  type HeadCard,
  type TrainedDataset,
  type TrainingPool,
  trainDataset,
  UnfitDatasetError,
  writeSafetensors,
} from '@xvision/learning';
import { openCheckpoints } from './checkpoints.js';
import { CONSUMER, originFrom } from './consumer.js';
import { freezeDataset } from './freeze-dataset.js';
import { loadRows } from './load-rows.js';
import { cardOf, contentKeyOf, scoresOf } from './model-facts.js';
import { sweepSteps } from './sweep-steps.js';
import { trainingChoice } from './training-choice.js';

export interface TrainNeeds {
  readonly catalogue: Pick<Catalogue, 'prisma' | 'transaction' | 'effectOnce'>;
  readonly blobs: BlobStore;
  readonly pool: TrainingPool;
  /** Of the pool; each holds products of its own. */
  readonly threads?: number;
  /** Where the pool looks for native packages beside the project's. */
  readonly nativeModules?: string | undefined;
  /** How far a run is. */
  readonly onProgress?: (runId: string, done: number, total: number) => void;
}

export type TrainOutcome = 'trained' | 'reused' | 'failed' | 'repeated';

/** A model file larger than this is a fault. */
const MODEL_LIMIT = 2 ** 31;

/**
 * Freezes the dataset of a run, trains its folds and its delivered model, and hands it to the evaluator. Safe to repeat at
 * any point: what is frozen stays, training goes on from the last checkpoint to the same bits, and an equal model is
 * taken instead of trained. A run that cannot be trained fails and says why.
 * Throws PoisonMessageError for a run that does not exist.
 */
export async function trainRun(
  needs: TrainNeeds,
  event: Envelope<RunRequested>,
  signal?: AbortSignal,
): Promise<TrainOutcome> {
  const { catalogue } = needs;
  const { runId } = event.data;
  const effect = { consumer: CONSUMER, eventId: event.id };
  if (await hadEffect(catalogue, effect)) return 'repeated';
  const run = await findRun(catalogue, runId);
  if (run === undefined) throw new PoisonMessageError(`run ${runId} is not in the catalogue, so it cannot be trained`);
  try {
    return await train(needs, { run, event, ...(signal === undefined ? {} : { signal }) });
  } catch (error) {
    if (!(error instanceof UnfitDatasetError || error instanceof DivergedError)) throw error;
    const { message } = error;
    const failed = await catalogue.effectOnce(effect, async (tx) => {
      await setRunState(tx, runId, { state: 'failed', message });
      await forgetSweepScores(tx, runId);
    });
    return failed ? 'failed' : 'repeated';
  }
}

type Training = TrainingChoice | undefined;

interface Job {
  readonly run: RunRow;
  readonly event: Envelope<RunRequested>;
  readonly signal?: AbortSignal;
}

async function train(needs: TrainNeeds, { run, event, signal }: Job): Promise<TrainOutcome> {
  const { catalogue, blobs } = needs;
  const origin = originFrom(event);
  const dataset = await freezeDataset(needs, run, origin);
  const training = await trainingChoice(needs, run, dataset);
  const contentKey = contentKeyOf(run, dataset, training?.form);
  const effect = { consumer: CONSUMER, eventId: event.id };

  const known = await findModelByContent(catalogue, contentKey);
  if (known !== undefined && (await blobs.has(known.sha256))) {
    const reused = await catalogue.effectOnce(effect, (tx) => reuseModel(tx, { run, model: known }, origin));
    return reused ? 'reused' : 'repeated';
  }
  const curves: LossCurve[] = [];
  const { head, settings, sweep } = await unlessStopped(
    trainNetworks(needs, { run, dataset, origin, training }, { curves, signal }),
    signal,
  );
  const { sha256 } = await blobs.putStream(writeSafetensors(head.tensors), { maxBytes: MODEL_LIMIT });
  const card = cardOf({ settings, sweep, training }, dataset, sha256);
  const trained = await catalogue.effectOnce(effect, async (tx) => {
    const model = { runId: run.id, contentKey, sha256, datasetSha256: dataset.sha256, card };
    const { id } = await recordModel(tx, model);
    await recordTestScores(
      tx,
      id,
      head.scores.flatMap((scores) => scoresOf(dataset, scores)),
    );
    const delivered = head.losses.map((losses, member) => ({ fold: DELIVERED_FOLD, member, losses }));
    await recordLossCurves(tx, run.id, [...delivered, ...curves]);
    await forgetSweepScores(tx, run.id);
    await announce(tx, { run, modelId: id, modelSha256: sha256, datasetSha256: dataset.sha256 }, origin);
  });
  return trained ? 'trained' : 'repeated';
}

async function trainNetworks(
  { catalogue, blobs, pool, onProgress }: TrainNeeds,
  { run, dataset, origin, training }: { run: RunRow; dataset: FrozenDataset; origin: Origin; training: Training },
  { curves, signal }: { curves: LossCurve[]; signal: AbortSignal | undefined },
): Promise<TrainedDataset> {
  const { settings } = run;
  const { split, classes } = dataset.task;
  const folds = split.kind === 'cross-validation' ? split.folds : 1;
  const checkpoints = openCheckpoints({ catalogue, blobs }, { runId: run.id, epochs: settings.epochs }, origin);
  const given = {
    rows: await loadRows(blobs, dataset),
    labels: Int32Array.from(dataset.members, ({ label }) => label),
    classes: classes.length,
    folds: dataset.members.map((member) => member.folds),
    settings,
    form: training?.form,
    merit: meanAuc,
  };
  return await trainDataset(pool, given, {
    onProgress: (done, total) => onProgress?.(run.id, done, total),
    ...(signal === undefined ? {} : { signal }),
    steps: sweepSteps(catalogue, { runId: run.id, classes: classes.length }),
    resume: (member) => checkpoints.resume(member),
    onEpoch: (member, state) => checkpoints.save(member, state),
    onFold: ({ repeat, fold }, member, losses) => curves.push({ fold: repeat * folds + fold, member, losses }),
  });
}

async function reuseModel(
  tx: Transaction,
  { run, model }: { run: RunRow; model: ModelRow },
  origin: Origin,
): Promise<void> {
  const { id: modelId, sha256: modelSha256, datasetSha256, contentKey } = model;
  const card = model.card as HeadCard;
  await copyLossCurves(tx, { modelId, runId: run.id });
  if (card.training !== undefined) await setRunTraining(tx, run.id, card.training);
  await recordModel(tx, {
    runId: run.id,
    contentKey,
    sha256: modelSha256,
    datasetSha256,
    card,
  });
  await announce(tx, { run, modelId, modelSha256, datasetSha256 }, origin);
}

async function announce(
  tx: Transaction,
  { run, ...model }: { run: RunRow; modelId: string; modelSha256: string; datasetSha256: string },
  origin: Origin,
): Promise<void> {
  await setRunState(tx, run.id, { state: 'trained' });
  await emit(tx, modelTrained, { runId: run.id, ...model }, { ...origin, subject: run.id });
}

/** A long training is handed back when the service stops; the next copy goes on from the last checkpoint. */
function unlessStopped<Result>(work: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (signal === undefined) return work;
  const stopped = new Promise<never>((_, reject) => {
    const stop = (): void =>
      reject(new TransientError('the trainer was stopped; training goes on from its checkpoint'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  return Promise.race([work, stopped]);
}
