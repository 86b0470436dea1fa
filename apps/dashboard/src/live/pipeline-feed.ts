import { type Database, type ImageStageCounts, keepReadings, readPipeline } from '@xvision/catalogue';
import type { Pipeline } from '@xvision/contracts';
import type { ApiLog, Broker } from '../api/dependencies.js';
import { Poller } from './poller.js';
import { sharedReading } from './shared-reading.js';

/** Twice within the second in which a change must be on the screen. */
const POLL_MS = 400;

/** While images come in, counting them takes a while: who asks this soon after somebody else is told the same, `at` says when. */
const SHARED_MS = 250;

export interface PipelineFeed {
  read(): Promise<Pipeline>;
  /** Tells the whole state now and after each change, until the returned function is called. */
  follow(listener: (pipeline: Pipeline) => void): () => void;
}

/** One reader for all who watch; nothing is read while nobody does. */
export function createPipelineFeed(deps: { db: Database; broker: Broker; log: Pick<ApiLog, 'warn'> }): PipelineFeed {
  const { db, broker, log } = deps;
  const listeners = new Map<(pipeline: Pipeline) => void, string>();
  const kept = keepReadings<readonly ImageStageCounts[]>(db, 1);

  const read = async (): Promise<Pipeline> => {
    const [counts, consumers] = await Promise.all([readPipeline(db, kept), broker.lag()]);
    return { at: new Date().toISOString(), ...counts, consumers };
  };
  const poller = new Poller(POLL_MS, async () => {
    try {
      const pipeline = await read();
      const state = JSON.stringify({ ...pipeline, at: '' });
      for (const [listener, last] of listeners) {
        if (last === state) continue;
        listeners.set(listener, state);
        listener(pipeline);
      }
    } catch (error) {
      log.warn({ reason: String(error) }, 'the state of the pipeline cannot be read just now');
    }
  });

  return {
    read: sharedReading(SHARED_MS, read),
    follow: (listener) => {
      listeners.set(listener, '');
      poller.start();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) poller.stop();
      };
    },
  };
}
