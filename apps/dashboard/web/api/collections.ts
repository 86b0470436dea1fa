import type { Collection } from '@xvision/contracts';
import { type Page, useResource } from './request.js';

export const useCollection = (id: string) => useResource<Collection>(`/api/collections/${id}`);
export const useCollections = () => useResource<Page<Collection>>('/api/collections?limit=100');
