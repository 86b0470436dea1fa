import type { Model } from '@xvision/contracts';
import { useResource } from './request.js';

export const useModel = (id: string) => useResource<Model>(`/api/models/${id}`);
