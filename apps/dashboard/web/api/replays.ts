import type { ReplayCapability } from '@xvision/contracts';
import { useResource } from './request.js';

export const useReplayCapability = () => useResource<ReplayCapability>('/api/replays/capability');
