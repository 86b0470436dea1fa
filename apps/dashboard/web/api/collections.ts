import type { Collection } from '@xvision/contracts';
import { type Page, useResource } from './request.js';

export const useCollections = () => useResource<Page<Collection>>('/api/collections?limit=100');
