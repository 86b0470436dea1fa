import { type Database, type EventRow, latestEventSequence, listEventsToFollow } from '@xvision/catalogue';
import type { ApiLog } from '../api/dependencies.js';
import { Poller } from './poller.js';

const POLL_MS = 250;
const BATCH = 500;
/** Longer than the catalogue looks back for late commits, so that none is told twice. */
const REMEMBER_MS = 120_000;

export interface EventFeed {
  /** Tells every event that is committed from now on, each once, until the returned function is called. */
  follow(listener: (row: EventRow) => void): Promise<() => void>;
}

/**
 * One reader of the event table for all who watch: every service's facts are in it, whether the broker is up or not
 * (docs/decisions/0080). Nothing is read while nobody watches.
 */
export function createEventFeed(db: Database, log: Pick<ApiLog, 'warn'>): EventFeed {
  const listeners = new Set<(row: EventRow) => void>();
  const told = new Map<string, number>();
  let after: bigint | undefined;

  const read = async (tell: boolean): Promise<void> => {
    after ??= await latestEventSequence(db);
    for (;;) {
      const rows = await listEventsToFollow(db, after, BATCH);
      const fresh = rows.filter((row) => !told.has(row.envelope.id));
      const now = Date.now();
      for (const row of fresh) {
        told.set(row.envelope.id, now);
        if (row.sequence > after) after = row.sequence;
        if (tell) for (const listener of listeners) listener(row);
      }
      for (const [id, at] of told) {
        if (now - at < REMEMBER_MS) break;
        told.delete(id);
      }
      if (fresh.length < BATCH) return;
    }
  };
  const poller = new Poller(POLL_MS, async () => {
    await read(true).catch((error: unknown) => {
      log.warn({ reason: String(error) }, 'the event table cannot be read just now; live events follow when it can');
    });
  });
  let beginning: Promise<void> | undefined;

  return {
    follow: async (listener) => {
      if (listeners.size === 0) {
        after = undefined;
        told.clear();
        beginning = read(false);
      }
      listeners.add(listener);
      try {
        await beginning;
      } catch (error) {
        listeners.delete(listener);
        throw error;
      }
      poller.start();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) poller.stop();
      };
    },
  };
}
