import type { Task } from '@xvision/contracts';
import { type Page, useResource } from './request.js';

export const useTasks = () => useResource<Page<Task>>('/api/tasks');
