import type { QueryClient } from '@tanstack/react-query';
import type { Session } from '@xvision/contracts';
import { request, send, useResource } from './request.js';

const SESSION = '/api/session';

export const useSession = () => useResource<Session>(SESSION);

/** The server takes the caller for nobody: the page asks for a token. */
export const askWhoIsThere = (queries: QueryClient): Promise<void> =>
  queries.invalidateQueries({ queryKey: [SESSION] });

/** Whether the one before the screen may act; the API refuses the others anyway. */
export const useMayAct = (): boolean => useSession().data?.role === 'operator';

/** Exchanges a token for a cookie of this origin; throws when it is not valid. */
export const signIn = (token: string): Promise<Session> => send('POST', SESSION, { token });

/** Forgets the cookie. */
export const signOut = (): Promise<void> => request(SESSION, { method: 'DELETE' });
