import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Task, TaskDetail, TaskPreview } from '@xvision/contracts';
import { type Page, send, useResource } from './request.js';

export const useTasks = () => useResource<Page<Task>>('/api/tasks');
export const useTask = (name: string) => useResource<TaskDetail>(`/api/tasks/${encodeURIComponent(name)}`);

/** What a rule makes of the collected images; the counts before stay on the screen while it is asked anew. */
export function useTaskPreview(task: Task | null, against: Task | null) {
  return useQuery({
    queryKey: ['task preview', task, against],
    queryFn: () => send<TaskPreview>('POST', '/api/tasks/preview', { task, ...(against === null ? {} : { against }) }),
    placeholderData: keepPreviousData,
    enabled: task !== null,
  });
}

/** Over the version that was seen, 0 for none; refused when there is a newer one. */
export const saveTask = (task: Task, after: number): Promise<TaskDetail> =>
  send('PUT', `/api/tasks/${encodeURIComponent(task.name)}?after=${after}`, task);
