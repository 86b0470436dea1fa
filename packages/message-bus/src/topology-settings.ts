import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  ReplayPolicy,
  RetentionPolicy,
  StorageType,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import { type ConsumerDefinition, MAX_DELIVERIES, type StreamDefinition } from './topology.js';

export interface TopologyOptions {
  /** 3 in a cluster, 1 (the default) on one server. */
  readonly replicas?: number;
  /** Room of each stream on the disk; the broker reserves it. About 700 bytes an event. */
  readonly maxBytes?: number;
}

const DEFAULT_MAX_BYTES = 256 * 1024 * 1024;
const MAX_AGE_MS = 30 * 24 * 3_600_000;

/** How long the broker remembers a message id; the inbox catches what comes later. */
const DUPLICATE_WINDOW_MS = 120_000;

/** What is asked of the broker for a stream, and read back afterwards. */
export function streamSettings(definition: StreamDefinition, options: TopologyOptions) {
  return {
    name: definition.name,
    description: definition.description,
    subjects: [...definition.subjects],
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    discard: definition.discard === 'new' ? DiscardPolicy.New : DiscardPolicy.Old,
    max_bytes: options.maxBytes ?? DEFAULT_MAX_BYTES,
    max_age: nanos(MAX_AGE_MS),
    duplicate_window: nanos(DUPLICATE_WINDOW_MS),
    num_replicas: options.replicas ?? 1,
    allow_direct: true,
    // One write to the disk for up to 1,000 messages instead of one each.
    allow_atomic: true,
  };
}

/** No server-side `backoff`: it would override `ack_wait`, so that a working copy loses its message. */
export function consumerSettings(definition: ConsumerDefinition) {
  return {
    durable_name: definition.durable,
    ack_policy: AckPolicy.Explicit,
    ack_wait: nanos(definition.ackWaitMs),
    deliver_policy: DeliverPolicy.All,
    replay_policy: ReplayPolicy.Instant,
    max_deliver: MAX_DELIVERIES,
    max_ack_pending: 1_000,
    ...(definition.filter === undefined ? {} : { filter_subject: definition.filter }),
  };
}

/** Which settings the broker holds otherwise than it was asked to; servers drop a setting that they do not know. */
export function differences(asked: Readonly<Record<string, unknown>>, held: object): string[] {
  const found = held as Readonly<Record<string, unknown>>;
  return Object.entries(asked)
    .filter(([name, value]) => JSON.stringify(found[name]) !== JSON.stringify(value))
    .map(([name, value]) => `${name} is ${JSON.stringify(found[name])}, asked for ${JSON.stringify(value)}`);
}
