import { useQueries } from '@tanstack/react-query';
import type { Model, Promotion, PromotionRequest } from '@xvision/contracts';
import { type Page, request, send, useResource } from './request.js';

export const useModelPage = (query: URLSearchParams) => useResource<Page<Model>>(`/api/models?${query.toString()}`);
export const useModel = (id: string) => useResource<Model>(`/api/models/${id}`);
/** Of several models those that have come, by id. */
export function useModels(ids: readonly string[]): ReadonlyMap<string, Model> {
  const addresses = ids.map((id) => `/api/models/${id}`);
  const answers = useQueries({
    queries: addresses.map((address) => ({ queryKey: [address], queryFn: () => request<Model>(address) })),
  });
  return new Map(answers.flatMap(({ data }) => (data === undefined ? [] : [[data.id, data] as const])));
}

export const usePromotions = (id: string) => useResource<Page<Promotion>>(`/api/models/${id}/promotions`);

export const promoteModel = (id: string, promotion: PromotionRequest): Promise<Page<Promotion>> =>
  send('POST', `/api/models/${id}/promotions`, promotion);
