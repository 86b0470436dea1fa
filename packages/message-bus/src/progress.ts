import type { JetStreamClient } from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';
import { type BusLog, said } from './bus-log.js';
import { PROGRESS_BUCKET } from './topology.js';

export interface ProgressEntry {
  /** For example `run.<id>` or `collection.<id>`. */
  readonly key: string;
  readonly value: unknown;
  readonly at: Date;
}

/** How far long jobs are; only the last value of each key is kept, and that for a day. */
export interface Progress {
  /** Notes a value; at most one a second per key is sent, the last one always. Never throws: progress is a courtesy. */
  put(key: string, value: unknown): void;
  get(key: string): Promise<unknown>;
  /** The present values, then each change, until the signal ends it. */
  watch(options?: { key?: string; signal?: AbortSignal }): AsyncGenerator<ProgressEntry, void, undefined>;
  /** Sends what is held back. */
  flush(): Promise<void>;
}

const INTERVAL_MS = 1_000;

interface Held {
  readonly timer: NodeJS.Timeout;
  value?: { readonly last: unknown };
}

async function* watchBucket(
  bucket: () => Promise<KV>,
  { key = '>', signal }: { key?: string; signal?: AbortSignal },
): AsyncGenerator<ProgressEntry, void, undefined> {
  const entries = await (await bucket()).watch({ key, ignoreDeletes: true });
  const end = () => entries.stop();
  signal?.addEventListener('abort', end, { once: true });
  if (signal?.aborted === true) end();
  try {
    for await (const entry of entries) {
      yield { key: entry.key, value: entry.json<unknown>(), at: entry.created };
    }
  } finally {
    signal?.removeEventListener('abort', end);
    end();
  }
}

export function openProgress(client: JetStreamClient, log: BusLog): Progress {
  const held = new Map<string, Held>();
  const sending = new Set<Promise<void>>();
  let opened: Promise<KV> | undefined;
  const bucket = () => {
    opened ??= new Kvm(client).open(PROGRESS_BUCKET).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };

  const send = (key: string, value: unknown) => {
    const sent = bucket()
      .then((kv) => kv.put(key, JSON.stringify(value)))
      .then(
        () => undefined,
        (error: unknown) => log.warn({ key, error: said(error) }, 'progress was not noted'),
      )
      .finally(() => sending.delete(sent));
    sending.add(sent);
  };
  const release = (key: string) => {
    const waiting = held.get(key)?.value;
    held.delete(key);
    if (waiting === undefined) return;
    send(key, waiting.last);
    hold(key);
  };
  function hold(key: string): void {
    held.set(key, { timer: setTimeout(() => release(key), INTERVAL_MS).unref() });
  }

  return {
    put(key, value) {
      const waiting = held.get(key);
      if (waiting === undefined) {
        send(key, value);
        hold(key);
      } else {
        waiting.value = { last: value };
      }
    },
    async get(key) {
      const entry = await (await bucket()).get(key);
      return entry === null || entry.operation !== 'PUT' ? undefined : entry.json<unknown>();
    },
    watch: (options = {}) => watchBucket(bucket, options),
    async flush() {
      for (const [key, { timer, value }] of held) {
        clearTimeout(timer);
        if (value !== undefined) send(key, value.last);
      }
      held.clear();
      await Promise.all(sending);
    },
  };
}
