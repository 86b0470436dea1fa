import {
  createInbox,
  type Msg,
  type NatsConnection,
  type Subscription as NatsSubscription,
  nanos,
} from '@nats-io/transport-node';
import { type BusLog, said } from './bus-log.js';
import { ACK_PREFIX, type Delivery, deliveryOf } from './delivery.js';

export interface PullOptions {
  readonly connection: NatsConnection;
  readonly stream: string;
  readonly durable: string;
  /** How many messages are claimed at once; no more than are worked on, so that other copies get the rest. */
  readonly concurrency: number;
  /** Makes sure that the consumer exists; called at the start and whenever the broker may have lost it. */
  readonly prepare: () => Promise<void>;
  /** Settles one message; must not throw. */
  readonly handle: (delivery: Delivery) => Promise<void>;
  readonly log: BusLog;
}

export interface Puller {
  /** Asks anew for everything that it waits for: after a reconnect. */
  renew(): void;
  /** Takes no more, hands back what arrives meanwhile, and resolves when what is in hand is settled. */
  stop(): Promise<void>;
}

/** A request for one message ends after this long, and is then made again. */
const EXPIRES_MS = 30_000;
const HEARTBEAT_MS = 10_000;

/** Without a sign of life from the broker for two heartbeats and a little, requests are taken for lost. */
const SILENCE_MS = 25_000;
const RETRY_MS = 1_000;
const DRAIN_MS = 2_000;

const HEARTBEAT = 100;
const NO_MESSAGES = 404;
const EXPIRED = 408;

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/**
 * Asks for one message for each free hand. The client's own `consume` asks for the next message as soon as it has handed
 * one over, so that a slow copy would sit on a message that an idle one could do, with its claim running out.
 */
class MessagePuller implements Puller {
  readonly #options: PullOptions;
  readonly #inHand = new Set<Promise<void>>();
  #requested = 0;
  #subscription: NatsSubscription | undefined;
  #heard = Date.now();
  #renewing: Promise<void> | undefined;
  #stopped = false;
  readonly #watchdog: NodeJS.Timeout;

  constructor(options: PullOptions) {
    this.#options = options;
    this.#watchdog = setInterval(() => {
      if (this.#requested > 0 && Date.now() - this.#heard > SILENCE_MS) this.renew();
    }, SILENCE_MS / 5);
    this.#watchdog.unref();
  }

  renew(): void {
    if (this.#stopped || this.#renewing !== undefined) return;
    this.#renewing = this.#open().finally(() => {
      this.#renewing = undefined;
    });
  }

  async #open(): Promise<void> {
    while (!this.#stopped && !this.#options.connection.isClosed()) {
      try {
        await this.#options.prepare();
        this.#listen();
        return;
      } catch (error) {
        const { stream, durable, log } = this.#options;
        log.warn({ stream, consumer: durable, error: said(error) }, 'the consumer is not there yet; trying again');
        await pause(RETRY_MS);
      }
    }
  }

  /** A new inbox each time, so that answers to requests that were given up are not counted. */
  #listen(): void {
    if (this.#stopped) return;
    const { connection } = this.#options;
    void this.#subscription?.drain().catch(() => undefined);
    this.#requested = 0;
    this.#heard = Date.now();
    const subscription = connection.subscribe(createInbox(), {
      callback: (error, message) => {
        if (error !== null) this.#options.log.error({ error: said(error) }, 'the broker refuses to deliver');
        else this.#receive(message, subscription === this.#subscription);
      },
    });
    this.#subscription = subscription;
    this.#ask();
  }

  #ask(): void {
    const { connection, stream, durable, concurrency } = this.#options;
    // A bus that was closed under a running subscription asks for nothing more.
    if (connection.isClosed() || connection.isDraining()) return;
    const inbox = this.#subscription?.getSubject();
    while (!this.#stopped && inbox !== undefined && this.#requested + this.#inHand.size < concurrency) {
      this.#requested += 1;
      const request = { batch: 1, expires: nanos(EXPIRES_MS), idle_heartbeat: nanos(HEARTBEAT_MS) };
      connection.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${durable}`, JSON.stringify(request), { reply: inbox });
    }
  }

  #receive(message: Msg, current: boolean): void {
    this.#heard = Date.now();
    if (message.reply?.startsWith(ACK_PREFIX) === true) {
      if (current) this.#requested -= 1;
      this.#take(deliveryOf(message));
      return;
    }
    const code = message.headers?.code ?? 0;
    if (!current || code === HEARTBEAT) return;
    this.#requested -= 1;
    if (code === EXPIRED || code === NO_MESSAGES) {
      this.#ask();
      return;
    }
    // The consumer, its leader or the whole server went away.
    this.#options.log.warn({ code, description: message.headers?.description }, 'the broker ended a request');
    setTimeout(() => this.renew(), RETRY_MS).unref();
  }

  #take(delivery: Delivery): void {
    if (this.#stopped) {
      delivery.retry(0);
      return;
    }
    const work = this.#options.handle(delivery).finally(() => {
      this.#inHand.delete(work);
      this.#ask();
    });
    this.#inHand.add(work);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#watchdog);
    const { connection } = this.#options;
    // Draining ends with an answer of the server, behind which nothing more can arrive.
    const drained = this.#subscription?.drain().catch(() => undefined);
    await Promise.race([drained, pause(DRAIN_MS)]);
    await Promise.all(this.#inHand);
    if (!connection.isClosed()) await Promise.race([connection.flush().catch(() => undefined), pause(DRAIN_MS)]);
  }
}

/** Starts pulling; resolves at once, and goes on trying while the broker or the consumer is away. */
export function pullMessages(options: PullOptions): Puller {
  const puller = new MessagePuller(options);
  puller.renew();
  return puller;
}
