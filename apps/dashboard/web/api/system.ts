import type { ServiceInstance, Storage, System } from '@xvision/contracts';
import { type Page, useResource } from './request.js';

/** Who falls silent says nothing, so no stream tells of it: these are asked for now and then. */
const LOOK = { everyMs: 5_000 } as const;
const COUNT = { everyMs: 30_000 } as const;

export const useSystem = () => useResource<System>('/api/system', LOOK);
export const useStorage = () => useResource<Storage>('/api/system/storage', COUNT);
export const useServiceInstances = (query: string) =>
  useResource<Page<ServiceInstance>>(`/api/system/services?${query}`, LOOK);
