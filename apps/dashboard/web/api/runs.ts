import type { Epoch, Run } from '@xvision/contracts';
import { type Page, useResource } from './request.js';

export const useRuns = () => useResource<Page<Run>>('/api/runs?limit=100');
export const useRun = (id: string) => useResource<Run>(`/api/runs/${id}`);
export const useEpochs = (id: string) => useResource<{ items: readonly Epoch[] }>(`/api/runs/${id}/epochs`);
