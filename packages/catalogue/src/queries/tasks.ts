import type { SourceLabels, Task, View } from '@xvision/contracts';
import type { Database, Transaction } from '../database.js';

/** Images whose source says the same of them: a rule need be asked once for all. */
export interface LabelGroup {
  readonly labels: SourceLabels;
  readonly view: View;
  readonly images: number;
  /** The ids of some of them that are prepared: of others there is no picture yet. */
  readonly examples: readonly string[];
}

/** Every image that may be trained on, grouped by what its source says; 100,000 images are some thousand groups. */
export async function listLabelGroups(db: Database): Promise<LabelGroup[]> {
  return await db.prisma.$queryRaw<LabelGroup[]>`
    SELECT image.labels, image.view, count(*)::int AS images,
      coalesce((array_agg(image.id::text ORDER BY image.id) FILTER (WHERE prepared_image.image_id IS NOT NULL))[1:6], '{}') AS examples
    FROM image JOIN collection ON collection.id = image.collection_id
    LEFT JOIN prepared_image ON prepared_image.image_id = image.id
    WHERE collection.purpose = 'dataset'
      AND NOT EXISTS (SELECT FROM image_rejection WHERE image_rejection.image_id = image.id)
    GROUP BY image.labels, image.view`;
}

export interface TaskVersion {
  readonly version: number;
  readonly task: Task;
  readonly savedBy: string;
  readonly createdAt: Date;
}

/** Newest first. */
export async function listTaskVersions(db: Database, name: string): Promise<TaskVersion[]> {
  const rows = await db.prisma.taskVersion.findMany({ where: { name }, orderBy: { version: 'desc' } });
  return rows.map(({ version, task, savedBy, createdAt }) => ({
    version,
    task: task as unknown as Task,
    savedBy,
    createdAt,
  }));
}

/** The newest version of every saved task, by name. */
export async function listSavedTasks(db: Database): Promise<Task[]> {
  const rows = await db.prisma.$queryRaw<{ task: Task }[]>`
    SELECT DISTINCT ON (name) task FROM task_version ORDER BY name, version DESC`;
  return rows.map(({ task }) => task);
}

export interface TaskToSave {
  readonly task: Task;
  readonly savedBy: string;
  /** The newest version that whoever saves has seen, 0 for none; undefined: whatever it is. */
  readonly after?: number | undefined;
}

/**
 * Keeps a task as the next version of its name; the same as the newest is kept once. Gives the version that came after
 * the one that was seen, in which case nothing is kept.
 */
export async function saveTask(
  tx: Transaction,
  { task, savedBy, after }: TaskToSave,
): Promise<TaskVersion | undefined> {
  await tx.prisma.$executeRaw`SELECT pg_advisory_xact_lock(hashtext(${`task ${task.name}`}))`;
  const [newest] = await listTaskVersions(tx, task.name);
  if (newest !== undefined && after !== undefined && newest.version > after) return newest;
  await tx.prisma.$executeRaw`
    INSERT INTO task_version (name, version, task, saved_by)
    SELECT ${task.name}, coalesce(max(version), 0) + 1, ${JSON.stringify(task)}::jsonb, ${savedBy}
    FROM task_version WHERE name = ${task.name}
    HAVING NOT coalesce((array_agg(task ORDER BY version DESC))[1] = ${JSON.stringify(task)}::jsonb, false)`;
  return undefined;
}

export interface DatasetOfTask {
  readonly sha256: string;
  readonly images: number;
  readonly patients: number;
  readonly perClass: Readonly<Record<string, number>>;
  readonly leaks: readonly string[];
  readonly createdAt: Date;
}

/** Newest first. */
export async function listDatasetsOfTask(db: Database, name: string): Promise<DatasetOfTask[]> {
  return await db.prisma.$queryRaw<DatasetOfTask[]>`
    SELECT sha256, images, patients, per_class AS "perClass", leaks, created_at AS "createdAt"
    FROM dataset WHERE task ->> 'name' = ${name} ORDER BY created_at DESC, sha256 LIMIT 20`;
}
