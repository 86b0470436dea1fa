import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import type { Pipeline } from '@xvision/contracts';
import { useEffect, useState } from 'react';

export interface Live {
  readonly pipeline: Pipeline | undefined;
  /** False while the connection is lost; the browser connects again by itself. */
  readonly connected: boolean;
}

/** Lists follow the pipeline, but no oftener than this. */
const REFRESH_MS = 1500;

/** The pipeline as it changes; whatever else is on the screen is fetched anew when it does. */
export function useLive(): Live {
  const queries = useQueryClient();
  const [live, setLive] = useState<Live>({ pipeline: undefined, connected: false });
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
