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

export interface NewApiToken {
  readonly name: string;
  readonly role: ApiRole;
  /** Of the token; the token itself is kept by whoever uses it. */
  readonly sha256: string;
  readonly expiresAt?: Date;
}

/** Keeps a token's hash; a hash that is there already stays as it is. */
export async function recordApiToken(db: Database, token: NewApiToken): Promise<void> {
  const { name, role, sha256, expiresAt = null } = token;
  await db.prisma.$executeRaw`
    INSERT INTO api_token (id, name, role, sha256, expires_at)
    VALUES (${uuidv7()}::uuid, ${name}, ${role}, ${sha256}, ${expiresAt}::timestamptz) ON CONFLICT DO NOTHING`;
}

/** How many tokens are valid now. */
export async function countApiTokens(db: Database): Promise<number> {
  return await db.prisma.apiToken.count({
    where: { revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }] },
  });
}
