import type { Epoch, Run, RunAnnotation, RunCurves, RunMistakes, RunSubgroups, Study } from '@xvision/contracts';
import { type Page, send, useResource } from './request.js';

export const useRuns = () => useResource<Page<Run>>('/api/runs?limit=500');
export const useRun = (id: string) => useResource<Run>(`/api/runs/${id}`);
export const useEpochs = (id: string) => useResource<{ items: readonly Epoch[] }>(`/api/runs/${id}/epochs`);
export const useCurves = (id: string) => useResource<RunCurves>(`/api/runs/${id}/curves`);
export const useSubgroups = (id: string) => useResource<RunSubgroups>(`/api/runs/${id}/subgroups`);
export const useMistakes = (id: string) => useResource<RunMistakes>(`/api/runs/${id}/mistakes?limit=24`);
export const useStudies = (about: string) => useResource<Page<Study>>(`/api/studies?about=${about}&limit=100`);

/** Keeps a note and tags in place of the ones before. */
export const annotateRun = (id: string, annotation: RunAnnotation): Promise<Run> =>
  send('PATCH', `/api/runs/${id}`, annotation);
