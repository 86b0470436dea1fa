import { useQueryClient } from '@tanstack/react-query';
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
  useEffect(() => {
    const source = new EventSource('/api/pipeline/stream');
    let waiting: number | undefined;
    const refresh = () => {
      waiting ??= window.setTimeout(() => {
        waiting = undefined;
        void queries.invalidateQueries();
      }, REFRESH_MS);
    };
    source.addEventListener('message', (message: MessageEvent<string>) => {
      setLive({ pipeline: JSON.parse(message.data) as Pipeline, connected: true });
      refresh();
    });
    source.addEventListener('error', () => setLive((last) => ({ ...last, connected: false })));
    return () => {
      source.close();
      window.clearTimeout(waiting);
    };
  }, [queries]);
  return live;
}
