import { useMutation, useQueryClient } from '@tanstack/react-query';
import type {
  DeadLetter,
  DeadLetterAct,
  DeadLetterAction,
  DeadLetterActionResult,
  DeadLetterDetail,
  DeadLetterGroup,
} from '@xvision/contracts';
import { type Page, send, useResource } from './request.js';

export const useDeadLetters = (query: string) => useResource<Page<DeadLetter>>(`/api/dead-letters?${query}`);
export const useDeadLetter = (id: string) => useResource<DeadLetterDetail>(`/api/dead-letters/${id}`);
export const useDeadLetterGroups = () => useResource<{ items: readonly DeadLetterGroup[] }>('/api/dead-letters/groups');
export const useDeadLetterActs = () => useResource<Page<DeadLetterAct>>('/api/dead-letters/acts?limit=20');

/** Closes letters by an act; everything that shows them is fetched anew. */
export function useActOnDeadLetters(act: DeadLetterAct['act']) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (action: DeadLetterAction) => send<DeadLetterActionResult>('POST', `/api/dead-letters/${act}`, action),
    onSuccess: () => queries.invalidateQueries(),
  });
}
