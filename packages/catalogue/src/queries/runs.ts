import type { RunSettings, RunState, TrainingChoice } from '@xvision/contracts';
import { v7 as uuidv7 } from 'uuid';
import type { Database, Transaction } from '../database.js';

export interface RunRow {
  readonly id: string;
  readonly settings: RunSettings;
  readonly taskName: string;
  readonly state: RunState;
  readonly message: string | null;
  readonly datasetSha256: string | null;
  readonly synthetic: boolean;
  /** How its networks are trained; null before that is known, and for a head without networks. */
  readonly training: TrainingChoice | null;
  /** What people wrote beside it. */
  readonly note: string;
  readonly tags: readonly string[];
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
}

/** A run waits until the relay's sweeper finds all of its collections settled and asks for its training. */
export async function insertRun(tx: Transaction, settings: RunSettings): Promise<string> {
  const id = uuidv7();
  await tx.prisma.$executeRaw`
    INSERT INTO run (id, settings, task_name, state)
    VALUES (${id}::uuid, ${JSON.stringify(settings)}::jsonb, ${settings.task.name}, 'waiting')`;
  await tx.prisma.$executeRaw`
    INSERT INTO run_collection (run_id, collection_id)
    SELECT DISTINCT ${id}::uuid, collection_id FROM unnest(${settings.collections}::uuid[]) AS collection_id`;
  return id;
}

export interface RunChange {
  readonly state: RunState;
  readonly message?: string;
  readonly datasetSha256?: string;
  readonly synthetic?: boolean;
}

/** Sets the state and whatever else became known; `evaluated` and `failed` also note the time. */
export async function setRunState(db: Database, id: string, change: RunChange): Promise<void> {
  const { state, message = null, datasetSha256 = null, synthetic = null } = change;
  await db.prisma.$executeRaw`
    UPDATE run SET
      state = ${state},
      message = coalesce(${message}::text, CASE WHEN ${state} = 'failed' THEN message END),
      dataset_sha256 = coalesce(${datasetSha256}::text, dataset_sha256),
      synthetic = coalesce(${synthetic}::boolean, synthetic),
      finished_at = CASE WHEN ${state} IN ('evaluated', 'failed') THEN now() END
    WHERE id = ${id}::uuid`;
}

/** Says how the networks of a run are trained. */
export async function setRunTraining(db: Database, id: string, training: TrainingChoice): Promise<void> {
  await db.prisma.$executeRaw`
    UPDATE run SET training = ${JSON.stringify(training)}::jsonb WHERE id = ${id}::uuid`;
}

/** Keeps what people write beside a run; false when there is no such run. */
export async function annotateRun(
  db: Database,
  id: string,
  { note, tags }: { readonly note: string; readonly tags: readonly string[] },
): Promise<boolean> {
  const { count } = await db.prisma.run.updateMany({ where: { id }, data: { note, tags: [...tags] } });
  return count === 1;
}

export async function findRun(db: Database, id: string): Promise<RunRow | undefined> {
  const row = await db.prisma.run.findUnique({ where: { id } });
  return row === null ? undefined : (row as unknown as RunRow);
}

export interface RunPage {
  /** The id of the last row of the page before; ids are UUIDv7, so they sort by time. */
  readonly before?: string;
  readonly limit?: number;
}

/** Newest first. */
export async function listRuns(db: Database, { before, limit = 50 }: RunPage = {}): Promise<RunRow[]> {
  const rows = await db.prisma.run.findMany({
    ...(before === undefined ? {} : { where: { id: { lt: before } } }),
    orderBy: { id: 'desc' },
    take: limit,
  });
  return rows as unknown as RunRow[];
}
