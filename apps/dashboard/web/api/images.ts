import { useInfiniteQuery } from '@tanstack/react-query';
import type {
  ImageCount,
  ImageDetail,
  ImageFacets,
  ImageNeighbours,
  ImageSummary,
  ModelTrust,
  RecordedEvent,
} from '@xvision/contracts';
import { type Page, request, useResource } from './request.js';

const PER_PAGE = 120;

export const useImage = (id: string) => useResource<ImageDetail>(`/api/images/${id}`);
export const useImageCount = (filter: string) => useResource<ImageCount>(`/api/images/count?${filter}`);
export const useImageFacets = () => useResource<ImageFacets>('/api/images/facets');
export const useNeighbours = (id: string, filter: string) =>
  useResource<ImageNeighbours>(`/api/images/${id}/neighbours?${filter}`);
export const useImageEvents = (id: string) => useResource<Page<RecordedEvent>>(`/api/events?about=${id}&limit=50`);
export const useModelTrust = (modelId: string) => useResource<ModelTrust>(`/api/models/${modelId}/trust-card`);

/**
 * A filtered list, fetched page by page as it is scrolled to. It stays as it was when its first page came: under somebody
 * who scrolls nothing may move. The count beside it tells what came since.
 */
export function useGallery(filter: string) {
  return useInfiniteQuery({
    queryKey: ['gallery', filter],
    queryFn: ({ pageParam }) => {
      const query = new URLSearchParams(filter);
      query.set('limit', String(PER_PAGE));
      if (pageParam !== null) query.set('cursor', pageParam);
      return request<Page<ImageSummary>>(`/api/images?${query.toString()}`);
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    staleTime: 'static',
    gcTime: 60_000,
  });
}
