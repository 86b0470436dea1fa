import type { Database, Transaction } from '../database.js';

/** The scores of one fold under one setting of a sweep. */
export interface SweepScore {
  /** Place among the settings of the sweep. */
  readonly setting: number;
  readonly fold: number;
  /** Of the tested images in the order of the plan, row-major. */
  readonly probabilities: readonly number[];
}

/** Keeps scores of a sweep that is under way; what is there already stays. */
export async function recordSweepScore(db: Database, runId: string, score: SweepScore): Promise<void> {
  const { setting, fold, probabilities } = score;
  await db.prisma.sweepScore.createMany({
    data: [{ runId, setting, fold, probabilities: [...probabilities] }],
    skipDuplicates: true,
  });
}

/** What a broken-off sweep had scored. */
export async function listSweepScores(db: Database, runId: string): Promise<SweepScore[]> {
  return await db.prisma.sweepScore.findMany({
    where: { runId },
    select: { setting: true, fold: true, probabilities: true },
    orderBy: [{ setting: 'asc' }, { fold: 'asc' }],
  });
}

/** A sweep that has its model needs its steps no more. */
export async function forgetSweepScores(tx: Transaction, runId: string): Promise<void> {
  await tx.prisma.sweepScore.deleteMany({ where: { runId } });
}
