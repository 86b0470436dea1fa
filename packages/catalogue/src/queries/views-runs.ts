import { evaluationRequested, type RunReport, type RunState } from '@xvision/contracts';
import type { Database, Transaction } from '../database.js';
import { Prisma } from '../generated/client.js';
import { emit, type Origin } from '../outbox.js';
import { type RunRow, setRunState } from './runs.js';

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

/** Which runs; each word of `search` is looked for in id, task, head, note and tags. */
export interface RunFilter {
  readonly task?: string;
  readonly state?: RunState;
  readonly tag?: string;
  readonly search?: string;
  /** Only those that have a model. */
  readonly trained?: boolean;
}

interface RunViewPage extends RunFilter {
  /** The id of the last row of the page before; ids are UUIDv7, so they sort by time. */
  readonly before?: string;
  readonly limit: number;
}

/** A run with its model and report, or undefined when there is none of this id. */
export async function findRunView(db: Database, id: string): Promise<RunView | undefined> {
  const [view] = await selectRuns(db, [Prisma.sql`run.id = ${id}::uuid`], 1);
  return view;
}

/** Newest first. */
export async function listRunViews(db: Database, { before, limit, ...filter }: RunViewPage): Promise<RunView[]> {
  const { task, state, tag, search, trained } = filter;
  const words = search?.split(/\s+/).filter((word) => word !== '') ?? [];
  const conditions = [
    Prisma.sql`true`,
    ...(before === undefined ? [] : [Prisma.sql`run.id < ${before}::uuid`]),
    ...(task === undefined ? [] : [Prisma.sql`run.task_name = ${task}`]),
    ...(state === undefined ? [] : [Prisma.sql`run.state = ${state}`]),
    ...(tag === undefined ? [] : [Prisma.sql`${tag} = ANY (run.tags)`]),
    ...(trained === true ? [Prisma.sql`run_model.model_id IS NOT NULL`] : []),
    ...words.map((word) => Prisma.sql`strpos(${SEARCHED}, lower(${word})) > 0`),
  ];
  return await selectRuns(db, conditions, limit);
}

const SEARCHED = Prisma.sql`lower(
  concat_ws(' ', run.id, run.task_name, run.settings ->> 'head', run.note, array_to_string(run.tags, ' ')))`;

async function selectRuns(db: Database, conditions: readonly Prisma.Sql[], limit: number): Promise<RunView[]> {
  return await db.prisma.$queryRaw<RunView[]>`
    SELECT run.id, run.settings, run.task_name AS "taskName", run.state, run.message,
      run.dataset_sha256 AS "datasetSha256", run.synthetic, run.training, run.note, run.tags,
      run.created_at AS "createdAt", run.finished_at AS "finishedAt", run_model.model_id AS "modelId", evaluation.report
    FROM run
    LEFT JOIN run_model ON run_model.run_id = run.id
    LEFT JOIN evaluation ON evaluation.run_id = run.id
    WHERE ${Prisma.join([...conditions], ' AND ')}
    ORDER BY run.id DESC LIMIT ${limit}`;
}

/** What there is to filter runs by, in the order of the alphabet. */
export async function findRunFacets(
  db: Database,
): Promise<{ readonly tasks: readonly string[]; readonly tags: readonly string[] }> {
  const [row] = await db.prisma.$queryRaw<{ tasks: string[]; tags: string[] }[]>`
    SELECT ARRAY(SELECT DISTINCT task_name FROM run ORDER BY 1) AS tasks,
      ARRAY(SELECT DISTINCT tag FROM run CROSS JOIN unnest(tags) AS tag ORDER BY 1) AS tags`;
  return row ?? { tasks: [], tags: [] };
}

export async function hasRun(db: Database, id: string): Promise<boolean> {
  const [row] = await db.prisma.$queryRaw<{ there: boolean }[]>`
    SELECT EXISTS (SELECT FROM run WHERE id = ${id}::uuid) AS there`;
  return row?.there === true;
}

/** The losses of every network of a run, the delivered model's first. */
export async function listEpochViews(db: Database, runId: string): Promise<readonly EpochView[]> {
  // As one value: a run has thousands, and a row of its own for each costs more than all of their numbers.
  const [row] = await db.prisma.$queryRaw<{ epochs: EpochView[] | null }[]>`
    SELECT json_agg(json_build_object('fold', fold, 'member', member, 'epoch', epoch, 'loss', loss)
      ORDER BY fold, member, epoch) AS epochs
    FROM epoch WHERE run_id = ${runId}::uuid`;
  return row?.epochs ?? [];
}

export interface LossMeans {
  readonly epochs: number;
  readonly deliveredDone: number;
  readonly items: readonly {
    readonly epoch: number;
    readonly delivered: number | null;
    readonly folds: number | null;
  }[];
}

/** Mean losses by epoch, and of very many epochs no more than these: a screen has no more pixels. */
const MOST_POINTS = 500;

/** What a loss curve is drawn from: networks may be thousands, and epochs too; added up where they lie. */
export async function findLossMeans(db: Database, runId: string): Promise<LossMeans> {
  const [row] = await db.prisma.$queryRaw<LossMeans[]>`
    WITH mean AS (
      SELECT epoch, avg(loss) FILTER (WHERE fold = -1) AS delivered, avg(loss) FILTER (WHERE fold >= 0) AS folds,
        count(*) FILTER (WHERE fold = -1) AS done
      FROM epoch WHERE run_id = ${runId}::uuid GROUP BY epoch
    ), whole AS (
      SELECT coalesce(max(epoch), 0)::int AS epochs, coalesce(sum(done), 0)::int AS done FROM mean
    )
    SELECT epochs, done AS "deliveredDone", coalesce((
      SELECT json_agg(json_build_object('epoch', epoch, 'delivered', delivered, 'folds', folds) ORDER BY epoch)
      FROM mean WHERE (epoch - 1) % ceil(greatest(epochs, 1) / ${MOST_POINTS}::float8)::int = 0 OR epoch = epochs
    ), '[]'::json) AS items FROM whole`;
  return row ?? { epochs: 0, deliveredDone: 0, items: [] };
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
