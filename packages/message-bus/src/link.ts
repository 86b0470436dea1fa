import type { NatsConnection } from '@nats-io/transport-node';
import { type BusLog, said } from './bus-log.js';

/** Whether the broker is there now; what the client is given to send while it is not is lost. */
export interface Link {
  /** Resolves when the broker is there, and after `waitMs` in any case. */
  up(waitMs: number): Promise<void>;
  /** Runs something that needs an answer; rejects as soon as the broker is gone, without waiting for a time-out. */
  during<Result>(ask: () => Promise<Result>): Promise<Result>;
  /** Calls back after each reconnect; returns how to end that. */
  onReconnect(callback: () => void): () => void;
}

/** Follows a connection, tells the log of every change and others of a reconnect. */
export function watchLink(connection: NatsConnection, log: BusLog): Link {
  let connected = true;
  const reconnected = new Set<() => void>();
  const disconnected = new Set<() => void>();
  const call = (listeners: ReadonlySet<() => void>) => {
    for (const listener of listeners) listener();
  };
  const follow = async () => {
    for await (const status of connection.status()) {
      if (status.type === 'disconnect') {
        if (connected) log.warn({ server: status.server }, 'NATS is gone; reconnecting until it is back');
        connected = false;
        call(disconnected);
      } else if (status.type === 'reconnect') {
        log.info({ server: status.server }, 'NATS is back');
        connected = true;
        call(reconnected);
      } else if (status.type === 'error') {
        log.error({ error: said(status.error) }, 'NATS reports an error');
      }
    }
  };
  void follow();

  const onReconnect = (callback: () => void) => {
    reconnected.add(callback);
    return () => void reconnected.delete(callback);
  };
  return {
    onReconnect,
    up(waitMs) {
      if (connected) return Promise.resolve();
      return new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer);
          forget();
          resolve();
        };
        const timer = setTimeout(done, waitMs);
        const forget = onReconnect(done);
      });
    },
    async during(ask) {
      let gone = () => undefined as void;
      const lost = new Promise<never>((_, reject) => {
        gone = () => reject(new Error('the connection to NATS was lost meanwhile'));
      });
      disconnected.add(gone);
      try {
        return await Promise.race([ask(), lost]);
      } finally {
        disconnected.delete(gone);
      }
    },
  };
}
