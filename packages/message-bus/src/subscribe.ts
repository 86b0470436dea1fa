import type { JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { type EventDefinition, type PayloadOf, parseEvent } from '@xvision/contracts';
import type { BusLog } from './bus-log.js';
import type { DeadLetter } from './dead-letter.js';
import type { Delivery } from './delivery.js';
import { ensureConsumer } from './ensure-topology.js';
import type { Link } from './link.js';
import { type Puller, pullMessages } from './pull-messages.js';
import { RETRY_DELAYS_MS } from './retry-delays.js';
import { type Handler, parseBody, type Settled, settle } from './settle.js';
import { MAX_DELIVERIES, topology } from './topology.js';
import { inTraceOf, TRACEPARENT } from './trace.js';

export interface SubscribeOptions {
  /** The name that all copies of the service share. */
  readonly durable: string;
  readonly stream: string;
  /** Messages worked on at once by this copy; 1 when left out. */
  readonly concurrency?: number;
  /** Other than the topology's; a consumer that the topology does not know has 60 s. */
  readonly ackWaitMs?: number;
  /** Waits before a retry; the last repeats. */
  readonly retryDelaysMs?: readonly number[];
  /** Called before a message is given up, for example to write the row in the catalogue. */
  readonly onDeadLetter?: (letter: DeadLetter) => Promise<void>;
  /** Called after each delivery, for metrics. */
  readonly onSettled?: (settled: Settled) => void;
}

export interface Subscription extends AsyncDisposable {
  /** Takes no more messages, finishes what is in hand and hands back the rest. Safe to call twice. */
  stop(): Promise<void>;
}

/** What a subscription needs of the bus that it belongs to. */
export interface SubscribeNeeds {
  readonly connection: NatsConnection;
  readonly manager: JetStreamManager;
  readonly log: BusLog;
  /** Brings back streams that the broker lost. */
  readonly restore: () => Promise<void>;
  /** Publishes the event of a dead letter. */
  readonly announce: (letter: DeadLetter) => Promise<void>;
  readonly link: Link;
}

const DEFAULT_ACK_WAIT_MS = 60_000;

/** How long a finished job waits for a broker that is away; longer, and the broker will deliver its event again. */
const AWAY_MS = 10_000;

function ackWaitOf({ stream, durable, ackWaitMs }: SubscribeOptions): number {
  const declared = topology
    .find((one) => one.name === stream)
    ?.consumers.find((consumer) => consumer.durable === durable);
  return ackWaitMs ?? declared?.ackWaitMs ?? DEFAULT_ACK_WAIT_MS;
}

/** Pulls, works and settles; `work` sees the raw message. */
export function subscribeToMessages(
  needs: SubscribeNeeds,
  options: SubscribeOptions & { readonly filter?: string },
  work: (delivery: Delivery, signal: AbortSignal) => Promise<void>,
): Subscription {
  const { connection, manager, log } = needs;
  const { stream, durable, filter, onSettled } = options;
  const stopping = new AbortController();
  const ackWaitMs = ackWaitOf(options);
  const consumer = { durable, ackWaitMs, ...(filter === undefined ? {} : { filter }) };

  const puller: Puller = pullMessages({
    connection,
    stream,
    durable,
    concurrency: options.concurrency ?? 1,
    log,
    prepare: async () => {
      await needs.restore();
      const faults = await ensureConsumer(manager, stream, consumer);
      if (faults.length > 0) throw new Error(faults.join('; '));
    },
    handle: (delivery) =>
      settle(delivery, {
        work: (one) => work(one, stopping.signal),
        bury: async (letter) => {
          await options.onDeadLetter?.(letter);
          await needs.announce(letter);
        },
        ackWaitMs,
        maxDeliveries: MAX_DELIVERIES,
        delays: options.retryDelaysMs ?? RETRY_DELAYS_MS,
        stopping: () => stopping.signal.aborted,
        connected: () => needs.link.up(AWAY_MS),
        log,
        ...(onSettled === undefined ? {} : { onSettled }),
      }),
  });
  const forget = needs.link.onReconnect(() => puller.renew());

  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopping.abort();
    forget();
    stopped ??= puller.stop();
    return stopped;
  };
  return { stop, [Symbol.asyncDispose]: stop };
}

/** Delivers each event of one kind to one of the copies that share the durable name, parsed, until it is settled. */
export function subscribeToEvents<Definition extends EventDefinition>(
  needs: SubscribeNeeds,
  subscription: { readonly definition: Definition; readonly options: SubscribeOptions },
  handler: Handler<PayloadOf<Definition>>,
): Subscription {
  const { definition, options } = subscription;
  return subscribeToMessages(needs, { ...options, filter: definition.subject }, async (message, signal) => {
    const parsed = parseEvent(definition as EventDefinition<Definition['payload']>, parseBody(message));
    const traceparent = parsed.traceparent ?? message.headers?.get(TRACEPARENT);
    const event = traceparent === undefined || traceparent === '' ? parsed : { ...parsed, traceparent };
    const { attempt: delivery, stream, streamSequence } = message;
    await inTraceOf(event, options.durable, async () => handler(event, { delivery, stream, streamSequence, signal }));
  });
}
