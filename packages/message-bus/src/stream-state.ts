import type { JetStreamManager } from '@nats-io/jetstream';
import { topology } from './topology.js';

export interface StreamState {
  readonly stream: string;
  /** When the broker made it; another value means another stream under the same name. */
  readonly created: string;
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly messages: number;
  readonly bytes: number;
}

export interface ConsumerLag {
  readonly stream: string;
  readonly consumer: string;
  /** Not delivered yet. */
  readonly pending: number;
  /** Delivered, not settled. */
  readonly ackPending: number;
  /** How much there is to do: pending and ackPending together; what an autoscaler looks at. */
  readonly lag: number;
  readonly redelivered: number;
}

/** The state of every stream of the topology; a missing stream is left out. */
export async function streamStates(manager: JetStreamManager): Promise<StreamState[]> {
  const states: StreamState[] = [];
  const names = new Set(topology.map((one) => one.name));
  for await (const { config, created, state } of manager.streams.list()) {
    if (!names.has(config.name)) continue;
    states.push({
      stream: config.name,
      created,
      firstSequence: state.first_seq,
      lastSequence: state.last_seq,
      messages: state.messages,
      bytes: state.bytes,
    });
  }
  return states;
}

/** How much each consumer has left to do, replays included. */
export async function consumerLags(manager: JetStreamManager): Promise<ConsumerLag[]> {
  const lists = await Promise.all(
    topology.map(async ({ name }) => {
      const lags: ConsumerLag[] = [];
      for await (const info of manager.consumers.list(name)) {
        // Readers that nobody acknowledges have no work left to do.
        if (info.config.durable_name === undefined) continue;
        lags.push({
          stream: name,
          consumer: info.name,
          pending: info.num_pending,
          ackPending: info.num_ack_pending,
          lag: info.num_pending + info.num_ack_pending,
          redelivered: info.num_redelivered,
        });
      }
      return lags;
    }),
  );
  return lists.flat();
}

/** What was known of a stream when it was last looked at. */
export type KnownStream = Pick<StreamState, 'stream' | 'created' | 'lastSequence'>;

export interface StreamLoss {
  readonly stream: string;
  /** `replaced`: gone or made anew, so all of it is lost. `rewound`: the end of it is lost (a restored backup). */
  readonly kind: 'replaced' | 'rewound';
  /** Events at this sequence and later are lost; earlier ones are there. */
  readonly fromSequence: number;
}

/** What a broker lost since it was last looked at. Deleted or expired messages at the start of a stream are no loss. */
export function lossesSince(known: readonly KnownStream[], now: readonly StreamState[]): StreamLoss[] {
  return known.flatMap((before): StreamLoss[] => {
    const state = now.find((one) => one.stream === before.stream);
    if (state === undefined || state.created !== before.created) {
      return before.lastSequence === 0 ? [] : [{ stream: before.stream, kind: 'replaced', fromSequence: 1 }];
    }
    if (state.lastSequence >= before.lastSequence) return [];
    return [{ stream: before.stream, kind: 'rewound', fromSequence: state.lastSequence + 1 }];
  });
}
