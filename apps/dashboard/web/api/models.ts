import type { Model, Promotion, PromotionRequest } from '@xvision/contracts';
import { type Page, send, useResource } from './request.js';

export const useModels = () => useResource<Page<Model>>('/api/models?limit=500');
export const useModel = (id: string) => useResource<Model>(`/api/models/${id}`);
export const usePromotions = (id: string) => useResource<Page<Promotion>>(`/api/models/${id}/promotions`);

export const promoteModel = (id: string, promotion: PromotionRequest): Promise<Page<Promotion>> =>
  send('POST', `/api/models/${id}/promotions`, promotion);
