import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import type {
  Run,
  RunAnnotation,
  RunComparison,
  RunCurves,
  RunFacets,
  RunLosses,
  RunMistakes,
  RunSubgroups,
} from '@xvision/contracts';
import { type Page, request, send, useResource } from './request.js';

/** One page of the runs that fit; what was there before stays until it is here. */
export function useRunPage(query: URLSearchParams) {
  return useQuery({ ...queryOf<Page<Run>>(`/api/runs?${query.toString()}`), placeholderData: keepPreviousData });
}
export const useRunFacets = () => useResource<RunFacets>('/api/runs/facets');
export const useTrainingRuns = (limit: number) =>
  useResource<Page<Run>>(`/api/runs?state=training&limit=${limit}`).data?.items ?? [];

/** Runs to look at images through: the newest with a model, and the one that is chosen however old it is. */
export function useRunChoices(chosen: string): readonly Run[] {
  const recent = useResource<Page<Run>>('/api/runs?trained=true&limit=100').data?.items;
  const older = chosen !== '' && recent !== undefined && recent.every((run) => run.id !== chosen);
  const one = useQuery({ ...queryOf<Run>(`/api/runs/${encodeURIComponent(chosen)}`), enabled: older });
  return [...(recent ?? []), ...(older && one.data?.id === chosen && one.data.modelId !== null ? [one.data] : [])];
}

/** Several runs, in their order; they are here when all are. */
export function useAllRuns(ids: readonly string[]): {
  readonly data: readonly Run[] | undefined;
  readonly error: Error | null;
  readonly refetch: () => unknown;
} {
  const answers = useQueries({ queries: ids.map((id) => queryOf<Run>(`/api/runs/${encodeURIComponent(id)}`)) });
  const runs = answers.flatMap((answer) => answer.data ?? []);
  const error = answers.find((answer) => answer.error !== null)?.error ?? null;
  const refetch = () => Promise.all(answers.filter((one) => one.error !== null).map((one) => one.refetch()));
  return { data: runs.length === ids.length ? runs : undefined, error, refetch };
}
export const useRun = (id: string) => useResource<Run>(`/api/runs/${id}`);
export const useLosses = (id: string) => useResource<RunLosses>(`/api/runs/${id}/losses`);
export const useCurves = (id: string) => useResource<RunCurves>(`/api/runs/${id}/curves`);
export const useSubgroups = (id: string) => useResource<RunSubgroups>(`/api/runs/${id}/subgroups`);
export const useMistakes = (id: string) => useResource<RunMistakes>(`/api/runs/${id}/mistakes?limit=24`);

export const useComparison = (first: string, second: string) =>
  useResource<RunComparison>(`/api/runs/${first}/comparison/${second}`);

/** Of several runs, in their order. */
export const useAllCurves = (ids: readonly string[]) =>
  useQueries({ queries: ids.map((id) => queryOf<RunCurves>(`/api/runs/${id}/curves`)) });
export const useAllLosses = (ids: readonly string[]) =>
  useQueries({ queries: ids.map((id) => queryOf<RunLosses>(`/api/runs/${id}/losses`)) });

function queryOf<Result>(path: string) {
  return { queryKey: [path], queryFn: () => request<Result>(path) };
}

/** Keeps a note and tags in place of the ones before. */
export const annotateRun = (id: string, annotation: RunAnnotation): Promise<Run> =>
  send('PATCH', `/api/runs/${id}`, annotation);
