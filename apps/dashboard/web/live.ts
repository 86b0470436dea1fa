import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import type { Pipeline } from '@xvision/contracts';
import { createContext, useContext, useEffect, useState } from 'react';
import { askWhoIsThere } from './api/session.js';
import { followStream } from './lasting-stream.js';
import { Rates } from './rates.js';

export interface Live {
  readonly pipeline: Pipeline | undefined;
  /** What came out of each stage a minute, lately. */
  readonly rates: ReturnType<Rates['after']>;
  /** False while the connection is lost; the browser connects again by itself. */
  readonly connected: boolean;
  /** The connection was refused or lost, and is not back. */
  readonly failed: boolean;
}

const NOTHING_YET: Live = { pipeline: undefined, rates: new Map(), connected: false, failed: false };

/** Lists follow the pipeline, but no oftener than this. */
const REFRESH_MS = 1500;
/** How often rates are looked at while nothing is told. */
const CALM_MS = 10_000;

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
  const rates = new Rates();
  let heard: { readonly pipeline: Pipeline; readonly at: number } | undefined;
  let waiting: number | undefined;
  const end = followStream('/api/pipeline/stream', {
    opened: () => tell((last) => ({ ...last, connected: true, failed: false })),
    told: (data) => {
      const pipeline = JSON.parse(data) as Pipeline;
      const lately = rates.after(pipeline);
      heard = { pipeline, at: performance.now() };
      tell(() => ({ pipeline, rates: lately, connected: true, failed: false }));
      waiting ??= window.setTimeout(() => {
        waiting = undefined;
        void queries.invalidateQueries();
      }, REFRESH_MS);
    },
    lost: (refused) => {
      tell((last) => ({ ...last, connected: false, failed: true }));
      // It may be the token that is not taken any more.
      if (refused) void askWhoIsThere(queries);
    },
  });
  // Nothing is told while nothing changes: the rates fall all the same.
  const calm = window.setInterval(() => {
    if (heard === undefined) return;
    const at = new Date(Date.parse(heard.pipeline.at) + performance.now() - heard.at).toISOString();
    const lately = rates.after({ ...heard.pipeline, at });
    tell((last) => ({ ...last, rates: lately }));
  }, CALM_MS);
  return () => {
    window.clearInterval(calm);
    end();
    window.clearTimeout(waiting);
  };
}
