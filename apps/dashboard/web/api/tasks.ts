import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Task, TaskDetail, TaskPreview } from '@xvision/contracts';
import { type Page, send, useResource } from './request.js';

export const useTasks = () => useResource<Page<Task>>('/api/tasks');
export const useTask = (name: string) => useResource<TaskDetail>(`/api/tasks/${encodeURIComponent(name)}`);

/** What a rule makes of the collected images; the counts before stay on the screen while it is asked anew. */
export function useTaskPreview(task: Task, against: Task) {
  return useQuery({
    queryKey: ['task preview', task, against],
    queryFn: () => send<TaskPreview>('POST', '/api/tasks/preview', { task, against }),
    placeholderData: keepPreviousData,
  });
}

export const saveTask = (task: Task): Promise<TaskDetail> =>
  send('PUT', `/api/tasks/${encodeURIComponent(task.name)}`, task);
