import { epochCompleted } from '@xvision/contracts';
import type { Database, Transaction } from '../database.js';
import { emit, type Origin } from '../outbox.js';

/** The delivered model's place among the folds of `epoch` and `checkpoint`. */
export const DELIVERED_FOLD = -1;

/** One network's mean loss after each epoch, in order. */
export interface LossCurve {
  /** {@link DELIVERED_FOLD}, or repeat * folds + fold. */
  readonly fold: number;
  readonly member: number;
  readonly losses: readonly number[];
}

/** Keeps the epochs of many networks in one statement; what is there already stays. */
export async function recordLossCurves(tx: Transaction, runId: string, curves: readonly LossCurve[]): Promise<void> {
  await tx.prisma.$executeRaw`
    INSERT INTO epoch (run_id, fold, member, epoch, loss)
    SELECT ${runId}::uuid, (curve ->> 'fold')::int, (curve ->> 'member')::int, one.epoch::int, one.loss::float8
    FROM jsonb_array_elements(${JSON.stringify(curves)}::jsonb) AS curve,
      jsonb_array_elements_text(curve -> 'losses') WITH ORDINALITY AS one (loss, epoch)
    ON CONFLICT DO NOTHING`;
}

/** Gives a run the loss curves of an earlier run that trained the very same model. */
export async function copyLossCurves(
  tx: Transaction,
  { modelId, runId }: { readonly modelId: string; readonly runId: string },
): Promise<void> {
  await tx.prisma.$executeRaw`
    INSERT INTO epoch (run_id, fold, member, epoch, loss)
    SELECT ${runId}::uuid, fold, member, epoch, loss FROM epoch
    WHERE run_id = (
      SELECT run_model.run_id FROM run_model
      WHERE run_model.model_id = ${modelId}::uuid AND EXISTS (SELECT FROM epoch WHERE epoch.run_id = run_model.run_id)
      ORDER BY run_model.run_id LIMIT 1)
    ON CONFLICT DO NOTHING`;
}

export interface CompletedEpoch {
  readonly runId: string;
  readonly member: number;
  readonly epoch: number;
  readonly epochs: number;
  readonly loss: number;
  readonly checkpointSha256: string;
}

/**
 * Keeps an epoch of the delivered model with its checkpoint and announces it, once. The member's older checkpoints are
 * forgotten; the blobs that nothing refers to any more come back, to be removed after the commit.
 */
export async function recordEpoch(tx: Transaction, done: CompletedEpoch, origin: Origin): Promise<string[]> {
  const { runId, member, epoch, loss, checkpointSha256 } = done;
  const inserted = await tx.prisma.$executeRaw`
    INSERT INTO epoch (run_id, fold, member, epoch, loss)
    VALUES (${runId}::uuid, ${DELIVERED_FOLD}, ${member}, ${epoch}, ${loss}) ON CONFLICT DO NOTHING`;
  await tx.prisma.$executeRaw`
    INSERT INTO checkpoint (run_id, fold, member, epoch, sha256)
    VALUES (${runId}::uuid, ${DELIVERED_FOLD}, ${member}, ${epoch}, ${checkpointSha256})
    ON CONFLICT (run_id, fold, member, epoch) DO UPDATE SET sha256 = EXCLUDED.sha256`;
  const superseded = await tx.prisma.$queryRaw<{ sha256: string }[]>`
    DELETE FROM checkpoint
    WHERE run_id = ${runId}::uuid AND fold = ${DELIVERED_FOLD} AND member = ${member} AND epoch < ${epoch}
    RETURNING sha256`;
  if (inserted === 1) await emit(tx, epochCompleted, { ...done }, { ...origin, subject: runId });
  return await unreferenced(
    tx,
    superseded.map(({ sha256 }) => sha256),
  );
}

async function unreferenced(tx: Transaction, candidates: readonly string[]): Promise<string[]> {
  const kept = await tx.prisma.checkpoint.findMany({
    where: { sha256: { in: [...candidates] } },
    select: { sha256: true },
  });
  const used = new Set(kept.map(({ sha256 }) => sha256));
  return candidates.filter((sha256) => !used.has(sha256));
}

/** The newest checkpoint of a network of the delivered model, or undefined before its first epoch. */
export async function findCheckpoint(
  db: Database,
  runId: string,
  member: number,
): Promise<{ epoch: number; sha256: string } | undefined> {
  const row = await db.prisma.checkpoint.findFirst({
    where: { runId, fold: DELIVERED_FOLD, member },
    orderBy: { epoch: 'desc' },
    select: { epoch: true, sha256: true },
  });
  return row ?? undefined;
}
