export type { Advisory } from './advisories.js';
export type { BusLog } from './bus-log.js';
export { type Bus, type ConnectBusOptions, connectBus, ensureTopology, UnusableBrokerError } from './connect-bus.js';
export { type DeadLetter, deadLetterEvent, deadLetterId } from './dead-letter.js';
export { TopologyMismatchError } from './ensure-topology.js';
export type { Progress, ProgressEntry } from './progress.js';
export { ATOMIC_BATCH, type Receipt, type Redriven } from './publish.js';
export type { FollowOptions, ReadOptions, StartAt, StoredEvent } from './read-stream.js';
export type { Handler, HandlerContext, Settled } from './settle.js';
export { type ConsumerLag, type KnownStream, lossesSince, type StreamLoss, type StreamState } from './stream-state.js';
export type { SubscribeOptions, Subscription } from './subscribe.js';
export {
  type ConsumerDefinition,
  MAX_DELIVERIES,
  PROGRESS_BUCKET,
  type StreamDefinition,
  streamOf,
  topology,
} from './topology.js';
export type { TopologyOptions } from './topology-settings.js';
