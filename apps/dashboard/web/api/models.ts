import type { Model, Promotion, PromotionRequest } from '@xvision/contracts';
import { type Page, send, useResource } from './request.js';

export const useModelPage = (query: URLSearchParams) => useResource<Page<Model>>(`/api/models?${query.toString()}`);
export const useModel = (id: string) => useResource<Model>(`/api/models/${id}`);
export const usePromotions = (id: string) => useResource<Page<Promotion>>(`/api/models/${id}/promotions`);

export const promoteModel = (id: string, promotion: PromotionRequest): Promise<Page<Promotion>> =>
  send('POST', `/api/models/${id}/promotions`, promotion);
