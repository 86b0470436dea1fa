import { randomBytes } from 'node:crypto';
import { type ApiTokenView, listApiTokens, recordApiToken, revokeApiToken } from '@xvision/catalogue';
import { type ApiToken, apiTokenRequestSchema, apiTokenSchema, newApiTokenSchema, pageOf } from '@xvision/contracts';
import { z } from 'zod';
import { tokenHash } from './authority.js';
import type { ApiDependencies } from './dependencies.js';
import { NotFoundError } from './failures.js';
import { idPageQuery, page } from './page-query.js';
import { jsonRoute, type Route } from './route.js';

/** 256 random bits: nobody guesses them, so a fast hash keeps them well. */
const TOKEN_BYTES = 32;
const DAY_MS = 86_400_000;

export function tokenRoutes({ catalogue }: Pick<ApiDependencies, 'catalogue'>): Route[] {
  return [
    jsonRoute({
      method: 'get',
      path: '/api/tokens',
      summary: 'Tokens that may ask this server, newest first; never the tokens themselves',
      role: 'operator',
      query: z.strictObject(idPageQuery),
      result: pageOf(apiTokenSchema),
      handle: async ({ query: { cursor, limit } }) => {
        const before = cursor === undefined ? {} : { before: cursor };
        const found = page(await listApiTokens(catalogue, { ...before, limit: limit + 1 }), limit, (row) => row.id);
        return { body: { items: found.rows.map(tokenShape), next: found.next } };
      },
    }),
    jsonRoute({
      method: 'post',
      path: '/api/tokens',
      summary: 'Make a token; it is told this once and only its hash is kept',
      role: 'operator',
      body: apiTokenRequestSchema,
      result: newApiTokenSchema,
      status: 201,
      handle: async ({ body: { name, role, days } }) => {
        const token = `xv_${randomBytes(TOKEN_BYTES).toString('base64url')}`;
        const createdAt = new Date();
        const expiresAt = days === undefined ? null : new Date(createdAt.getTime() + days * DAY_MS);
        const kept = { name, role, sha256: tokenHash(token), ...(expiresAt === null ? {} : { expiresAt }) };
        const id = await recordApiToken(catalogue, kept);
        return { body: { ...tokenShape({ id, name, role, createdAt, expiresAt, revokedAt: null }), token } };
      },
    }),
    jsonRoute({
      method: 'delete',
      path: '/api/tokens/{id}',
      summary: 'Revoke a token: from now on it is not taken',
      role: 'operator',
      params: z.object({ id: z.uuid() }),
      result: apiTokenSchema,
      handle: async ({ params: { id } }) => {
        const revoked = await revokeApiToken(catalogue, id);
        if (revoked === undefined) throw new NotFoundError(`there is no token ${id}: see GET /api/tokens`);
        return { body: tokenShape(revoked) };
      },
    }),
  ];
}

function tokenShape({ createdAt, expiresAt, revokedAt, ...row }: ApiTokenView): ApiToken {
  return {
    ...row,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
  };
}
