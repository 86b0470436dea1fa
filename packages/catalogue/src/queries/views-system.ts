import type { Database } from '../database.js';

export interface ConnectedService {
  readonly name: string;
  readonly connections: number;
  readonly since: Date;
}

export interface UsedEngine {
  readonly engine: string;
  readonly backbone: string;
  readonly weights: string;
  readonly trained: boolean | null;
  readonly features: number;
  readonly lastAt: Date;
}

/** For example `18.4`. */
export async function postgresVersion(db: Database): Promise<string> {
  const [row] = await db.prisma.$queryRaw<{ version: string }[]>`SELECT current_setting('server_version') AS version`;
  return row?.version ?? 'unknown';
}

/** Who is connected to this database now, by the name that each gave itself. */
export async function listConnectedServices(db: Database): Promise<ConnectedService[]> {
  return await db.prisma.$queryRaw<ConnectedService[]>`
    SELECT application_name AS name, count(*)::int AS connections, min(backend_start) AS since
    FROM pg_stat_activity WHERE datname = current_database() AND application_name <> ''
    GROUP BY application_name ORDER BY application_name`;
}

/** With what features were computed, newest first. */
export async function listUsedEngines(db: Database): Promise<UsedEngine[]> {
  return await db.prisma.$queryRaw<UsedEngine[]>`
    SELECT feature.engine, feature.backbone, feature.weights, backbone_weights.trained, count(*)::int AS features,
      max(feature.created_at) AS "lastAt"
    FROM feature LEFT JOIN backbone_weights ON backbone_weights.weights = feature.weights
    GROUP BY feature.engine, feature.backbone, feature.weights, backbone_weights.trained
    ORDER BY max(feature.created_at) DESC`;
}

export async function databaseBytes(db: Database): Promise<number> {
  const [row] = await db.prisma.$queryRaw<{ bytes: bigint }[]>`SELECT pg_database_size(current_database()) AS bytes`;
  return Number(row?.bytes ?? 0);
}
