import { setTimeout as delay } from 'node:timers/promises';
import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, errors, type NatsConnection } from '@nats-io/transport-node';
import type { Envelope, EventDefinition, PayloadOf } from '@xvision/contracts';
import { type Advisory, subscribeToAdvisories } from './advisories.js';
import { type BusLog, said, silentLog } from './bus-log.js';
import { type DeadLetter, deadLetterEvent } from './dead-letter.js';
import { ensureStreamsAndConsumers, restoreMissing } from './ensure-topology.js';
import { type Link, watchLink } from './link.js';
import { openProgress, type Progress } from './progress.js';
import { publishEvent, publishEvents, type Receipt, type Redriven } from './publish.js';
import {
  type FollowOptions,
  followStreams,
  type ReaderNeeds,
  type ReadOptions,
  readStream,
  type StoredEvent,
  storedEvent,
} from './read-stream.js';
import type { Handler } from './settle.js';
import { type ConsumerLag, consumerLags, type StreamState, streamStates } from './stream-state.js';
import { type SubscribeNeeds, type SubscribeOptions, type Subscription, subscribeToEvents } from './subscribe.js';
import type { TopologyOptions } from './topology-settings.js';

export interface ConnectBusOptions {
  /** `nats://host:port`, several with commas between. */
  readonly servers: string;
  /** Who this is, as the broker's monitoring shows it. */
  readonly name: string;
  readonly token?: string | undefined;
  readonly log?: BusLog;
  /** Ends the waiting for a broker that cannot be reached. */
  readonly signal?: AbortSignal;
}

export interface Bus extends AsyncDisposable {
  /** Makes or checks every stream and consumer, see {@link ensureTopology}. */
  ensureTopology(options?: TopologyOptions): Promise<void>;
  publish(event: Envelope | Redriven): Promise<Receipt>;
  /** Many at once, up to 256 with one write to the disk; safe to repeat. */
  publishAll(events: readonly (Envelope | Redriven)[]): Promise<Receipt[]>;
  subscribe<Definition extends EventDefinition>(
    definition: Definition,
    options: SubscribeOptions,
    handler: Handler<PayloadOf<Definition>>,
  ): Promise<Subscription>;
  subscribeToAdvisories(
    options: Omit<SubscribeOptions, 'stream'>,
    handler: (advisory: Advisory) => Promise<void>,
  ): Promise<Subscription>;
  /** What a stream keeps, from a start to its present end. */
  read(stream: string, options?: ReadOptions): AsyncGenerator<StoredEvent, void, undefined>;
  /** One stored message; undefined when the stream does not keep it. */
  message(stream: string, sequence: number): Promise<StoredEvent | undefined>;
  /** Every event as it is stored. */
  follow(options?: FollowOptions): AsyncGenerator<StoredEvent, void, undefined>;
  readonly progress: Progress;
  lag(): Promise<ConsumerLag[]>;
  streamsState(): Promise<StreamState[]>;
  /** Calls back after each reconnect; returns how to end that. */
  onReconnect(callback: () => void): () => void;
  /** Throws when the broker does not answer. */
  ping(): Promise<void>;
  readonly serverVersion: string;
  close(): Promise<void>;
}

/** Below this a server has no atomic batches and drops settings that it does not know without a word. */
const OLDEST_SERVER = [2, 12] as const;
/** How long a question waits for a broker that is away. */
const AWAY_MS = 10_000;
const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 5_000;

/** A broker that cannot be used as it is; waiting does not help. */
export class UnusableBrokerError extends Error {
  override readonly name = 'UnusableBrokerError';
}

function refuseOldServer(connection: NatsConnection, servers: string): string {
  const version = connection.info?.version ?? '0.0.0';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < OLDEST_SERVER[0] || (major === OLDEST_SERVER[0] && minor < OLDEST_SERVER[1])) {
    throw new UnusableBrokerError(
      `nats-server ${version} at ${servers} is too old: Xvision needs ${OLDEST_SERVER.join('.')} or newer.`,
    );
  }
  if (connection.info?.jetstream !== true) {
    throw new UnusableBrokerError(`nats-server at ${servers} runs without JetStream: start it with --jetstream.`);
  }
  return version;
}

/** Waits for a broker that is not there yet; a wrong token is told at once. */
async function reach({ servers, name, token, signal }: ConnectBusOptions, log: BusLog): Promise<NatsConnection> {
  const list = servers.split(',').map((server) => server.trim());
  for (let wait = FIRST_RETRY_MS; ; wait = Math.min(wait * 2, LONGEST_RETRY_MS)) {
    signal?.throwIfAborted();
    try {
      return await connect({
        servers: list,
        name,
        ...(token === undefined ? {} : { token }),
        maxReconnectAttempts: -1,
        reconnectTimeWait: 250,
        reconnectJitter: 250,
        pingInterval: 20_000,
        timeout: 5_000,
      });
    } catch (error) {
      if (error instanceof errors.AuthorizationError || /authorization/i.test(said(error))) {
        throw new UnusableBrokerError(`nats-server at ${servers} refuses ${name}: check NATS_TOKEN.`, { cause: error });
      }
      log.warn({ servers, retryInMs: wait, error: said(error) }, 'NATS cannot be reached; trying again');
      await delay(wait, undefined, signal === undefined ? {} : { signal });
    }
  }
}

class NatsBus implements Bus {
  readonly serverVersion: string;
  readonly progress: Progress;
  readonly #connection: NatsConnection;
  readonly #manager: JetStreamManager;
  readonly #client: JetStreamClient;
  readonly #log: BusLog;
  readonly #name: string;
  readonly #link: Link;
  #topology: TopologyOptions | undefined;
  #restoring: Promise<void> | undefined;

  constructor(connection: NatsConnection, manager: JetStreamManager, options: ConnectBusOptions) {
    this.#connection = connection;
    this.#manager = manager;
    this.#client = jetstream(connection);
    this.#log = options.log ?? silentLog;
    this.#name = options.name;
    this.serverVersion = connection.info?.version ?? 'unknown';
    this.progress = openProgress(this.#client, this.#log);
    this.#link = watchLink(connection, this.#log);
  }

  get #needs(): SubscribeNeeds {
    return {
      connection: this.#connection,
      manager: this.#manager,
      log: this.#log,
      restore: () => this.#restore(),
      announce: async (letter: DeadLetter) => {
        await this.publish(deadLetterEvent(letter, `xvision/${this.#name}`));
      },
      link: this.#link,
    };
  }

  get #reader(): ReaderNeeds {
    return { client: this.#client, ask: (question) => this.#ask(question) };
  }

  /** Waits for a broker that is away, and tells at once when it goes away meanwhile. */
  async #ask<Answer>(question: () => Promise<Answer>): Promise<Answer> {
    await this.#link.up(AWAY_MS);
    return this.#link.during(question);
  }

  /** All subscriptions ask at once after a reconnect; one answer serves them. */
  #restore(): Promise<void> {
    const options = this.#topology;
    if (options === undefined) return Promise.resolve();
    this.#restoring ??= restoreMissing(this.#manager, options)
      .then((missing) => {
        if (missing.length > 0) this.#log.warn({ streams: missing }, 'the broker had lost streams; made them again');
      })
      .finally(() => {
        this.#restoring = undefined;
      });
    return this.#restoring;
  }

  async ensureTopology(options: TopologyOptions = {}): Promise<void> {
    await this.#ask(() => ensureStreamsAndConsumers(this.#manager, options));
    this.#topology = options;
  }

  publish(event: Envelope | Redriven): Promise<Receipt> {
    return publishEvent({ client: this.#client, link: this.#link }, event);
  }

  publishAll(events: readonly (Envelope | Redriven)[]): Promise<Receipt[]> {
    return publishEvents({ client: this.#client, link: this.#link }, events);
  }

  async subscribe<Definition extends EventDefinition>(
    definition: Definition,
    options: SubscribeOptions,
    handler: Handler<PayloadOf<Definition>>,
  ): Promise<Subscription> {
    return subscribeToEvents(this.#needs, { definition, options }, handler);
  }

  async subscribeToAdvisories(
    options: Omit<SubscribeOptions, 'stream'>,
    handler: (advisory: Advisory) => Promise<void>,
  ): Promise<Subscription> {
    return subscribeToAdvisories(this.#needs, options, handler);
  }

  read(stream: string, options?: ReadOptions): AsyncGenerator<StoredEvent, void, undefined> {
    return readStream(this.#reader, stream, options);
  }

  async message(stream: string, sequence: number): Promise<StoredEvent | undefined> {
    const kept = await this.#ask(() => this.#manager.streams.getMessage(stream, { seq: sequence }));
    return kept === null ? undefined : storedEvent(stream, kept);
  }

  follow(options: FollowOptions = {}): AsyncGenerator<StoredEvent, void, undefined> {
    return followStreams(this.#reader, options);
  }

  lag(): Promise<ConsumerLag[]> {
    return this.#ask(() => consumerLags(this.#manager));
  }

  streamsState(): Promise<StreamState[]> {
    return this.#ask(() => streamStates(this.#manager));
  }

  onReconnect(callback: () => void): () => void {
    return this.#link.onReconnect(callback);
  }

  async ping(): Promise<void> {
    await this.#link.during(() => this.#connection.rtt());
  }

  async close(): Promise<void> {
    if (this.#connection.isClosed()) return;
    await this.progress.flush();
    await this.#connection.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/**
 * Connects to the broker: waits until it can be reached, reconnects for ever afterwards, and says so in the log. Throws
 * {@link UnusableBrokerError} for a server below 2.12, without JetStream, or that refuses the token.
 */
export async function connectBus(options: ConnectBusOptions): Promise<Bus> {
  const log = options.log ?? silentLog;
  const connection = await reach(options, log);
  try {
    refuseOldServer(connection, options.servers);
    return new NatsBus(connection, await jetstreamManager(connection, { checkAPI: false }), options);
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** Makes every stream and consumer that is not there, updates the others, and reads all settings back; safe to repeat. */
export function ensureTopology(bus: Bus, options?: TopologyOptions): Promise<void> {
  return bus.ensureTopology(options);
}
