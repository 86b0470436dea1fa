import type { ServiceInstance, Storage, System } from '@xvision/contracts';
import { type Page, useResource } from './request.js';

export const useSystem = () => useResource<System>('/api/system');
export const useStorage = () => useResource<Storage>('/api/system/storage');
export const useServiceInstances = (query: string) =>
  useResource<Page<ServiceInstance>>(`/api/system/services?${query}`);
