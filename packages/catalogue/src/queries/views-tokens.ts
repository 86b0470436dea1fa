import { v7 as uuidv7 } from 'uuid';
import type { Database } from '../database.js';

export type ApiRole = 'viewer' | 'operator';

export interface ApiTokenRow {
  readonly id: string;
  readonly name: string;
  readonly role: ApiRole;
}

/** The token with this hash, or undefined when it is unknown, expired or revoked. */
export async function findApiToken(db: Database, sha256: string): Promise<ApiTokenRow | undefined> {
  const [row] = await db.prisma.$queryRaw<ApiTokenRow[]>`
    SELECT id, name, role FROM api_token
    WHERE sha256 = ${sha256} AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`;
  return row;
}

export interface ApiTokenView extends ApiTokenRow {
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

const SHOWN = { id: true, name: true, role: true, createdAt: true, expiresAt: true, revokedAt: true } as const;

/** Newest first, the revoked and expired among them. */
export async function listApiTokens(db: Database, page: { before?: string; limit: number }): Promise<ApiTokenView[]> {
  const { before, limit } = page;
  const rows = await db.prisma.apiToken.findMany({
    select: SHOWN,
    ...(before === undefined ? {} : { where: { id: { lt: before } } }),
    orderBy: { id: 'desc' },
    take: limit,
  });
  return rows as ApiTokenView[];
}

/** From now on the token is not taken; undefined when there is none of this id. Revoked twice, the first time counts. */
export async function revokeApiToken(db: Database, id: string): Promise<ApiTokenView | undefined> {
  await db.prisma.apiToken.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: new Date() } });
  return ((await db.prisma.apiToken.findUnique({ select: SHOWN, where: { id } })) ?? undefined) as
    | ApiTokenView
    | undefined;
}

export interface NewApiToken {
  readonly name: string;
  readonly role: ApiRole;
  /** Of the token; the token itself is kept by whoever uses it. */
  readonly sha256: string;
  readonly expiresAt?: Date;
}

/** Keeps a token's hash and gives the row's id; a hash that is there already stays as it is, under its own id. */
export async function recordApiToken(db: Database, token: NewApiToken): Promise<string> {
  const { name, role, sha256, expiresAt = null } = token;
  const id = uuidv7();
  await db.prisma.$executeRaw`
    INSERT INTO api_token (id, name, role, sha256, expires_at)
    VALUES (${id}::uuid, ${name}, ${role}, ${sha256}, ${expiresAt}::timestamptz) ON CONFLICT DO NOTHING`;
  return id;
}

/** How many tokens are valid now. */
export async function countApiTokens(db: Database): Promise<number> {
  return await db.prisma.apiToken.count({
    where: { revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }] },
  });
}
