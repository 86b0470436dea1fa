import { createHash } from 'node:crypto';
import { type ApiRole, type Database, findApiToken } from '@xvision/catalogue';
import type { Request } from 'express';
import { ForbiddenError, UnauthenticatedError } from './failures.js';
import type { Role } from './route.js';

export const TOKEN_COOKIE = 'xvision_token';

export interface Caller {
  readonly name: string;
  readonly role: ApiRole;
}

export interface Authority {
  readonly authentication: 'none' | 'token';
  /** Who asks; undefined without a valid token. */
  identify(request: Request): Promise<Caller | undefined>;
  /** The name of who asks, for the record; call it only where a role was required. */
  nameOf(request: Request): Promise<string>;
  caller(token: string): Promise<Caller | undefined>;
  /** Throws unless the caller of this request may act in this role. */
  require(request: Request, role: Role | 'anyone'): Promise<void>;
}

/** Tokens are kept as their sha256: who reads the table cannot use them. They are random, so no slow hash is needed. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

export function createAuthority(db: Database, authentication: 'none' | 'token'): Authority {
  const caller = async (token: string): Promise<Caller | undefined> => {
    const found = await findApiToken(db, tokenHash(token));
    return found === undefined ? undefined : { name: found.name, role: found.role };
  };
  const identify = async (request: Request): Promise<Caller | undefined> => {
    if (authentication === 'none') return { name: 'loopback', role: 'operator' };
    const token = presentedToken(request);
    return token === undefined ? undefined : await caller(token);
  };
  return {
    authentication,
    caller,
    identify,
    nameOf: async (request) => {
      const found = await identify(request);
      if (found === undefined) throw new UnauthenticatedError('the token expired just now: send a valid one');
      return found.name;
    },
    require: async (request, role) => {
      refuseForeignPage(request);
      if (authentication === 'none') return refuseForeignHost(request);
      if (role === 'anyone') return;
      const found = await identify(request);
      if (found === undefined) {
        throw new UnauthenticatedError('send a valid token: Authorization: Bearer <token>');
      }
      if (role === 'operator' && found.role !== 'operator') {
        throw new ForbiddenError(`token ${found.name} is a viewer's: this needs an operator's`);
      }
    },
  };
}

/** The token that a request carries, valid or not. */
export function presentedToken(request: Request): string | undefined {
  const bearer = /^Bearer +(\S+)$/i.exec(request.get('authorization') ?? '')?.[1];
  if (bearer !== undefined) return bearer;
  for (const pair of (request.get('cookie') ?? '').split(';')) {
    const [name, value] = pair.trim().split('=');
    if (name === TOKEN_COOKIE && value !== undefined) return value;
  }
  return undefined;
}

/** Another site's page in the user's browser must not act here. Programs do not send this header. */
function refuseForeignPage(request: Request): void {
  const site = request.get('sec-fetch-site') ?? 'none';
  if (request.method === 'GET' || request.method === 'HEAD' || site === 'none' || site === 'same-origin') return;
  throw new ForbiddenError('a page of another site asked for this');
}

/** Without tokens only names of this machine are answered: a foreign name that resolves to loopback is an attack. */
function refuseForeignHost(request: Request): void {
  if (['localhost', '127.0.0.1', '[::1]', '::1'].includes(request.hostname)) return;
  throw new ForbiddenError(
    `this server answers without tokens to names of its own machine only, not to ${request.hostname}. Use http://127.0.0.1`,
  );
}
