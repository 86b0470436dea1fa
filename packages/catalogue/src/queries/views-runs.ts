import { evaluationRequested, type RunReport } from '@xvision/contracts';
import type { Database, Transaction } from '../database.js';
import { emit, type Origin } from '../outbox.js';
import { findRun, listRuns, type RunPage, type RunRow, setRunState } from './runs.js';

export interface RunView extends RunRow {
  readonly modelId: string | null;
  readonly report: RunReport | null;
}

export interface EpochView {
  readonly fold: number;
  readonly member: number;
  readonly epoch: number;
  readonly loss: number;
}

/** A run with its model and report, or undefined when there is none of this id. */
export async function findRunView(db: Database, id: string): Promise<RunView | undefined> {
  const run = await findRun(db, id);
  if (run === undefined) return undefined;
  const [view] = await withResults(db, [run]);
  return view;
}

/** Newest first. */
export async function listRunViews(db: Database, page: RunPage): Promise<RunView[]> {
  return await withResults(db, await listRuns(db, page));
}

async function withResults(db: Database, runs: readonly RunRow[]): Promise<RunView[]> {
  const runId = { in: runs.map((run) => run.id) };
  const models = await db.prisma.runModel.findMany({ where: { runId } });
  const evaluations = await db.prisma.evaluation.findMany({ where: { runId }, select: { runId: true, report: true } });
  const modelOf = new Map(models.map((one) => [one.runId, one.modelId]));
  const reportOf = new Map(evaluations.map((one) => [one.runId, one.report as unknown as RunReport]));
  return runs.map((run) => ({ ...run, modelId: modelOf.get(run.id) ?? null, report: reportOf.get(run.id) ?? null }));
}

/** The losses of every network of a run, the delivered model's first. */
export async function listEpochViews(db: Database, runId: string): Promise<EpochView[]> {
  return await db.prisma.epoch.findMany({
    where: { runId },
    select: { fold: true, member: true, epoch: true, loss: true },
    orderBy: [{ fold: 'asc' }, { member: 'asc' }, { epoch: 'asc' }],
  });
}

/** Asks for a (new) evaluation of a trained run. */
export async function requestEvaluation(tx: Transaction, runId: string, origin: Origin): Promise<void> {
  await setRunState(tx, runId, { state: 'trained' });
  await emit(tx, evaluationRequested, { kind: 'run', runId }, { ...origin, subject: runId });
}

export interface UnfitCollection {
  readonly id: string;
  readonly name: string | null;
  readonly problem: 'unknown' | 'failed' | 'not a dataset';
  /** Why its harvest failed. */
  readonly message: string | null;
}

/** Which of these collections do not exist, have failed, or are there for one question only. */
export async function findUnfitCollections(db: Database, ids: readonly string[]): Promise<UnfitCollection[]> {
  const rows = await db.prisma.collection.findMany({
    where: { id: { in: [...ids] } },
    select: { id: true, name: true, purpose: true, state: true, message: true },
  });
  const known = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id): UnfitCollection[] => {
    const row = known.get(id);
    if (row === undefined) return [{ id, name: null, problem: 'unknown', message: null }];
    const { name, message } = row;
    if (row.purpose !== 'dataset') return [{ id, name, problem: 'not a dataset', message }];
    return row.state === 'failed' ? [{ id, name, problem: 'failed', message }] : [];
  });
}
