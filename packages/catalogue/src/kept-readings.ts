import type { Database } from './database.js';

/** Gives what `read` reads now; from memory where nothing that it rests on has changed since it was read. */
export type KeptReadings<Result> = (key: string, read: () => Promise<Result>) => Promise<Result>;

interface Entry<Result> {
  kept?: { readonly change: string; readonly result: Result };
  running?: Promise<unknown>;
  next?: Promise<Result> | undefined;
}

/**
 * Readings over all images: counts of collections, groups of labels. Each is made anew when something it may rest on was
 * changed (migration 0019), and only then; at most `most` of them are kept, the least lately asked for goes.
 *
 * Why a kept reading is never old: the number of the last change is read first. Then, when no transaction that writes is
 * under way, everything up to that number is committed, and the reading sees it; anything else moves the number. While one
 * is under way, what is read is told, but not kept.
 */
export function keepReadings<Result>(db: Database, most: number): KeptReadings<Result> {
  const entries = new Map<string, Entry<Result>>();

  const entryOf = (key: string): Entry<Result> => {
    const entry = entries.get(key) ?? {};
    entries.delete(key);
    entries.set(key, entry);
    const oldest = entries.keys().next();
    if (entries.size > most && oldest.done !== true) entries.delete(oldest.value);
    return entry;
  };

  const readAnew = async (entry: Entry<Result>, read: () => Promise<Result>): Promise<Result> => {
    const change = await lastChange(db);
    if (entry.kept?.change === change) return entry.kept.result;
    const quiet = await nothingIsUnderWay(db);
    const result = await read();
    if (quiet) entry.kept = { change, result };
    return result;
  };

  return async (key, read) => {
    const entry = entryOf(key);
    const change = await lastChange(db);
    if (entry.kept?.change === change) return entry.kept.result;
    // A reading that goes on may have begun before what the caller knows of: all who ask now share the one after it.
    entry.next ??= (async () => {
      await entry.running;
      entry.next = undefined;
      const reading = readAnew(entry, read);
      entry.running = reading.catch(() => undefined);
      return await reading;
    })();
    return await entry.next;
  };
}

/** Two statements apart from each other, in this order: a statement sees the transactions as they were when it began. */
async function lastChange(db: Database): Promise<string> {
  const [row] = await db.prisma.$queryRaw<{ change: string }[]>`
    SELECT concat_ws(' ', pg_postmaster_start_time(), last_value, is_called) AS change FROM image_change`;
  if (row === undefined)
    throw new Error('the catalogue does not say when its images changed: is every migration applied?');
  return row.change;
}

/** By the lock that every transaction that writes holds on its own number until it is over: a snapshot does not tell of the newest. */
async function nothingIsUnderWay(db: Database): Promise<boolean> {
  const [row] = await db.prisma.$queryRaw<{ quiet: boolean }[]>`
    SELECT NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'transactionid' AND mode = 'ExclusiveLock' AND granted) AS quiet`;
  return row?.quiet === true;
}
