import type { Database } from '../database.js';

export interface NewServiceInstance {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly host: string;
  readonly pid: number;
  /** What it computes with and why that was chosen. */
  readonly engine?: { readonly label: string; readonly reason: string };
}

export interface ServiceInstanceRow extends Omit<NewServiceInstance, 'engine'> {
  readonly engine: string | null;
  readonly engineReason: string | null;
  readonly startedAt: Date;
  readonly seenAt: Date;
  /** `ok`, or what its own checks say is wrong. */
  readonly health: string;
  readonly stoppedAt: Date | null;
  /** `silent`: it neither speaks nor said that it stops, as after a kill. */
  readonly standing: 'alive' | 'silent' | 'stopped';
}

/** Processes that ended longer ago are forgotten. */
const HISTORY = '30 days';
/** Four signs of life missed. */
const SILENCE = '20 seconds';

export async function recordServiceStarted(db: Database, instance: NewServiceInstance): Promise<void> {
  const { id, name, version, host, pid, engine } = instance;
  await db.prisma.$executeRaw`DELETE FROM service_instance WHERE seen_at < now() - ${HISTORY}::interval`;
  await db.prisma.$executeRaw`
    INSERT INTO service_instance (id, name, version, host, pid, engine, engine_reason)
    VALUES (${id}::uuid, ${name}, ${version}, ${host}, ${pid}, ${engine?.label ?? null}, ${engine?.reason ?? null})`;
}

export async function recordServiceSeen(db: Database, id: string, health: string): Promise<void> {
  await db.prisma.$executeRaw`UPDATE service_instance SET seen_at = now(), health = ${health} WHERE id = ${id}::uuid`;
}

export async function recordServiceStopped(db: Database, id: string): Promise<void> {
  await db.prisma.$executeRaw`
    UPDATE service_instance SET seen_at = now(), stopped_at = now() WHERE id = ${id}::uuid`;
}

/** Newest start first: who lives now, and the history of who came and went. */
export async function listServiceInstances(
  db: Database,
  page: { readonly before?: string; readonly limit: number },
): Promise<ServiceInstanceRow[]> {
  const { before = null, limit } = page;
  return await db.prisma.$queryRaw<ServiceInstanceRow[]>`
    SELECT id, name, version, host, pid, engine, engine_reason AS "engineReason", started_at AS "startedAt",
      seen_at AS "seenAt", health, stopped_at AS "stoppedAt",
      CASE WHEN stopped_at IS NOT NULL THEN 'stopped'
        WHEN seen_at > now() - ${SILENCE}::interval THEN 'alive' ELSE 'silent' END AS standing
    FROM service_instance WHERE ${before}::uuid IS NULL OR (started_at, id) <
      (SELECT started_at, id FROM service_instance AS last WHERE last.id = ${before}::uuid)
    ORDER BY started_at DESC, id DESC LIMIT ${limit}`;
}
