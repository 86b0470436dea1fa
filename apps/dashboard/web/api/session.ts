import type { Session } from '@xvision/contracts';
import { request, send, useResource } from './request.js';

export const useSession = () => useResource<Session>('/api/session');

/** Whether the one before the screen may act; the API refuses the others anyway. */
export const useMayAct = (): boolean => useSession().data?.role === 'operator';

/** Exchanges a token for a cookie of this origin; throws when it is not valid. */
export const signIn = (token: string): Promise<Session> => send('POST', '/api/session', { token });

/** Forgets the cookie. */
export const signOut = (): Promise<void> => request('/api/session', { method: 'DELETE' });
