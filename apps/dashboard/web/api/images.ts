import type { ImageDetail, ImageSummary } from '@xvision/contracts';
import { type Page, useResource } from './request.js';

export const useImages = (query: string) => useResource<Page<ImageSummary>>(`/api/images?${query}`);
export const useImage = (id: string) => useResource<ImageDetail>(`/api/images/${id}`);
