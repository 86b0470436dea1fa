import type { System } from '@xvision/contracts';
import { useResource } from './request.js';

export const useSystem = () => useResource<System>('/api/system');
