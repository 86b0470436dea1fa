import { sessionSchema } from '@xvision/contracts';
import { z } from 'zod';
import { type Authority, TOKEN_COOKIE } from './authority.js';
import { UnauthenticatedError } from './failures.js';
import { jsonRoute, type Route, streamRoute } from './route.js';

const COOKIE = { httpOnly: true, sameSite: 'strict', path: '/' } as const;

/** A browser cannot send a token with pictures and event streams; a cookie of this origin carries it there. */
export function sessionRoutes(authority: Authority): Route[] {
  const { authentication } = authority;
  return [
    jsonRoute({
      method: 'get',
      path: '/api/session',
      summary: 'Who the server takes the caller for',
      role: 'anyone',
      result: sessionSchema,
      handle: async (_input, { request }) => {
        const caller = await authority.identify(request);
        return { body: { authentication, name: caller?.name ?? null, role: caller?.role ?? null } };
      },
    }),
    jsonRoute({
      method: 'post',
      path: '/api/session',
      summary: 'Keep a token in a cookie of this origin',
      role: 'anyone',
      body: z.object({ token: z.string().regex(/^\S{1,400}$/, 'a token without spaces') }),
      result: sessionSchema,
      handle: async ({ body: { token } }, { request, response }) => {
        const caller = await authority.caller(token);
        if (caller === undefined) throw new UnauthenticatedError('this token is unknown, expired or revoked');
        response.cookie(TOKEN_COOKIE, token, { ...COOKIE, secure: request.secure });
        return { body: { authentication, ...caller } };
      },
    }),
    streamRoute({
      method: 'delete',
      path: '/api/session',
      summary: 'Forget the token',
      role: 'anyone',
      reply: { status: 204, description: 'Forgotten', contentType: 'application/json' },
      handle: async ({ response }) => {
        response.clearCookie(TOKEN_COOKIE, COOKIE).status(204).end();
      },
    }),
  ];
}
