import { useQueries } from '@tanstack/react-query';
import type {
  Epoch,
  Run,
  RunAnnotation,
  RunComparison,
  RunCurves,
  RunMistakes,
  RunSubgroups,
} from '@xvision/contracts';
import { type Page, request, send, useResource } from './request.js';

export const useRuns = () => useResource<Page<Run>>('/api/runs?limit=500');
export const useRun = (id: string) => useResource<Run>(`/api/runs/${id}`);
export const useEpochs = (id: string) => useResource<{ items: readonly Epoch[] }>(`/api/runs/${id}/epochs`);
export const useCurves = (id: string) => useResource<RunCurves>(`/api/runs/${id}/curves`);
export const useSubgroups = (id: string) => useResource<RunSubgroups>(`/api/runs/${id}/subgroups`);
export const useMistakes = (id: string) => useResource<RunMistakes>(`/api/runs/${id}/mistakes?limit=24`);

export const useComparison = (first: string, second: string) =>
  useResource<RunComparison>(`/api/runs/${first}/comparison/${second}`);

/** Of several runs, in their order. */
export const useAllCurves = (ids: readonly string[]) =>
  useQueries({ queries: ids.map((id) => queryOf<RunCurves>(`/api/runs/${id}/curves`)) });
export const useAllEpochs = (ids: readonly string[]) =>
  useQueries({ queries: ids.map((id) => queryOf<{ items: readonly Epoch[] }>(`/api/runs/${id}/epochs`)) });

function queryOf<Result>(path: string) {
  return { queryKey: [path], queryFn: () => request<Result>(path) };
}

/** Keeps a note and tags in place of the ones before. */
export const annotateRun = (id: string, annotation: RunAnnotation): Promise<Run> =>
  send('PATCH', `/api/runs/${id}`, annotation);
