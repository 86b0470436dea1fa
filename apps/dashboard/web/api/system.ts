import { useQuery } from '@tanstack/react-query';
import type { ServiceInstance, Storage, System } from '@xvision/contracts';
import { type Page, request } from './request.js';

/** Who falls silent says nothing, so no stream tells of it: these are asked for now and then. */
const LOOK_MS = 5_000;
const COUNT_MS = 30_000;

const useWatched = <Result>(path: string, everyMs: number) =>
  useQuery({ queryKey: [path], queryFn: () => request<Result>(path), refetchInterval: everyMs });

export const useSystem = () => useWatched<System>('/api/system', LOOK_MS);
export const useStorage = () => useWatched<Storage>('/api/system/storage', COUNT_MS);
export const useServiceInstances = (query: string) =>
  useWatched<Page<ServiceInstance>>(`/api/system/services?${query}`, LOOK_MS);
