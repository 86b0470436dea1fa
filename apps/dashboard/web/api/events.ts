import type { EventKind, RecordedEvent } from '@xvision/contracts';
import { type Page, useResource } from './request.js';

export const useEvents = (query: string) => useResource<Page<RecordedEvent>>(`/api/events?${query}`);
export const useEvent = (id: string) => useResource<RecordedEvent>(`/api/events/${id}`);
export const useEventKinds = () => useResource<{ items: readonly EventKind[] }>('/api/events/kinds');
