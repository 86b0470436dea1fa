import type { Catalogue } from '@xvision/catalogue';
import type { Bus } from '@xvision/message-bus';
import type { Logger } from '@xvision/service-kit';
import type { RelayMetrics } from './relay-metrics.js';

/** How the relay names itself as the source of events. */
export const SOURCE = 'xvision/relay';

export interface Dependencies {
  readonly catalogue: Catalogue;
  readonly bus: Bus;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error' | 'debug'>;
  readonly metrics: RelayMetrics;
}
