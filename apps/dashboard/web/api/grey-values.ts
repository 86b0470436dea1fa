import { useQuery } from '@tanstack/react-query';
import type { GreyValues } from '@xvision/contracts';
import { answered } from './request.js';

/** The values of an original, each as the file has it. */
export interface Grey {
  readonly about: GreyValues;
  readonly values: Uint8Array | Uint16Array | Int16Array;
}

/** Fetched when a picture is looked at, and not kept when it is left: a large one has some 30 MB. */
export function useGrey(imageId: string) {
  return useQuery({
    queryKey: ['grey values', imageId],
    queryFn: () => fetchGrey(imageId),
    staleTime: 'static',
    gcTime: 0,
    retry: false,
  });
}

async function fetchGrey(imageId: string): Promise<Grey> {
  const response = await answered(`/api/images/${imageId}/grey-values`);
  const about = JSON.parse(response.headers.get('X-Xvision-Grey') ?? '') as GreyValues;
  const bytes = await response.arrayBuffer();
  if (about.bits === 8) return { about, values: new Uint8Array(bytes) };
  return { about, values: about.signed ? new Int16Array(bytes) : new Uint16Array(bytes) };
}
