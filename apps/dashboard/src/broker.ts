import { type Bus, connectBus } from '@xvision/message-bus';
import type { Logger } from '@xvision/service-kit';
import type { Broker } from './api/dependencies.js';

export interface ConnectedBroker extends Broker, AsyncDisposable {}

/** A broker that does not answer in time is said to be away; the page must not wait for it. */
const ANSWER_MS = 1500;

/** Connects in the background: most of what is asked of the API is in the catalogue and needs no broker. */
export function connectBroker(options: {
  readonly servers: string;
  readonly token: string | undefined;
  readonly log: Logger;
  readonly signal: AbortSignal;
}): ConnectedBroker {
  let bus: Bus | undefined;
  const closing = new AbortController();
  const signal = AbortSignal.any([options.signal, closing.signal]);
  const connecting = connectBus({ ...options, signal, name: 'dashboard' }).then(
    (connected) => {
      bus = connected;
    },
    (error: unknown) => {
      if (signal.aborted) return;
      options.log.error(
        { err: error },
        'NATS cannot be used: the page shows no lag until this process is started again',
      );
    },
  );
  return {
    version: () => bus?.serverVersion ?? null,
    lag: async () => {
      if (bus === undefined) return null;
      const away = new Promise<null>((resolve) => setTimeout(() => resolve(null), ANSWER_MS).unref());
      const lags = await Promise.race([bus.lag().catch(() => null), away]);
      return (
        lags?.map(({ stream, consumer, pending, ackPending, redelivered }) => ({
          stream,
          consumer,
          pending,
          ackPending,
          redelivered,
        })) ?? null
      );
    },
    [Symbol.asyncDispose]: async () => {
      closing.abort();
      await connecting;
      await bus?.close();
    },
  };
}
