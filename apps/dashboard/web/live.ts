import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import type { Pipeline } from '@xvision/contracts';
import { createContext, useContext, useEffect, useState } from 'react';

export interface Live {
  readonly pipeline: Pipeline | undefined;
  /** False while the connection is lost; the browser connects again by itself. */
  readonly connected: boolean;
}

const NOTHING_YET: Live = { pipeline: undefined, connected: false };

/** Lists follow the pipeline, but no oftener than this. */
const REFRESH_MS = 1500;

export const LiveContext = createContext<Live>(NOTHING_YET);

/** The pipeline as it changes. */
export const useLive = (): Live => useContext(LiveContext);

/** Follows the pipeline; whatever else is on the screen is fetched anew when it changes. */
export function useFollowedPipeline(): Live {
  const queries = useQueryClient();
  const [live, setLive] = useState<Live>(NOTHING_YET);
  useEffect(() => follow(queries, setLive), [queries]);
  return live;
}

/** Returns how to end it. */
function follow(queries: QueryClient, tell: (change: (last: Live) => Live) => void): () => void {
  const source = new EventSource('/api/pipeline/stream');
  let waiting: number | undefined;
  source.addEventListener('message', (message: MessageEvent<string>) => {
    const pipeline = JSON.parse(message.data) as Pipeline;
    tell(() => ({ pipeline, connected: true }));
    waiting ??= window.setTimeout(() => {
      waiting = undefined;
      void queries.invalidateQueries();
    }, REFRESH_MS);
  });
  source.addEventListener('open', () => tell((last) => ({ ...last, connected: true })));
  source.addEventListener('error', () => tell((last) => ({ ...last, connected: false })));
  return () => {
    source.close();
    window.clearTimeout(waiting);
  };
}
