import { useQuery } from '@tanstack/react-query';
import type { Collection, Epoch, ImageDetail, ImageSummary, Problem, Run, Session, System } from '@xvision/contracts';

/** The API said no, in its own words. */
class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

async function request<Result>(path: string, init?: RequestInit): Promise<Result> {
  const response = await fetch(path, init).catch(() => {
    throw new ApiError(0, 'The server does not answer. It may be starting; this page tries again.');
  });
  if (!response.ok) {
    const problem = (await response.json().catch(() => undefined)) as Problem | undefined;
    throw new ApiError(response.status, problem?.detail ?? `The server answered ${response.status}.`);
  }
  return (await response.json()) as Result;
}

function useResource<Result>(path: string) {
  return useQuery({ queryKey: [path], queryFn: () => request<Result>(path) });
}

export const useSession = () => useResource<Session>('/api/session');
export const useCollections = () => useResource<Page<Collection>>('/api/collections?limit=100');
export const useRuns = () => useResource<Page<Run>>('/api/runs?limit=100');
export const useRun = (id: string) => useResource<Run>(`/api/runs/${id}`);
export const useEpochs = (id: string) => useResource<{ items: readonly Epoch[] }>(`/api/runs/${id}/epochs`);
export const useImages = (query: string) => useResource<Page<ImageSummary>>(`/api/images?${query}`);
export const useImage = (id: string) => useResource<ImageDetail>(`/api/images/${id}`);
export const useSystem = () => useResource<System>('/api/system');

/** Exchanges a token for a cookie of this origin; throws {@link ApiError} when it is not valid. */
export async function signIn(token: string): Promise<Session> {
  const body = JSON.stringify({ token });
  return await request('/api/session', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
}
