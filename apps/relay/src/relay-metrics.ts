import { type Catalogue, countDeadLetters, outboxBacklog } from '@xvision/catalogue';
import type { Metrics } from '@xvision/service-kit';

/** What the relay counts; a rising age of the outbox is the one to be woken for. */
export interface RelayMetrics {
  readonly published: { inc(count: number): void };
  readonly lost: { inc(count: number): void };
  readonly revived: { inc(count: number): void };
  readonly promoted: { inc(count: number): void };
  readonly leads: { set(value: number): void };
}

export function relayMetrics(metrics: Metrics, catalogue: Catalogue): RelayMetrics {
  observed(metrics, {
    name: 'xvision_outbox_age_seconds',
    help: 'Age of the oldest event that is not published',
    observe: async () => (await outboxBacklog(catalogue)).ageSeconds,
  });
  observed(metrics, {
    name: 'xvision_outbox_events',
    help: 'Events that are not published',
    observe: async () => (await outboxBacklog(catalogue)).events,
  });
  observed(metrics, {
    name: 'xvision_dead_letters_open',
    help: 'Dead letters that nobody has re-driven or discarded',
    observe: () => countDeadLetters(catalogue, 'open'),
  });
  return {
    published: metrics.counter({ name: 'xvision_events_published_total', help: 'Events that the broker took' }),
    lost: metrics.counter({ name: 'xvision_events_lost_total', help: 'Events that the broker lost and got again' }),
    revived: metrics.counter({ name: 'xvision_events_revived_total', help: 'Events without an outcome, sent again' }),
    promoted: metrics.counter({ name: 'xvision_runs_promoted_total', help: 'Runs and predictions asked for' }),
    leads: metrics.gauge({ name: 'xvision_relay_leads', help: '1 while this relay publishes, 0 while it stands by' }),
  };
}

/** A value that is asked of the database when it is read; not a number while the database is away. */
function observed(
  metrics: Metrics,
  { name, help, observe }: { name: string; help: string; observe: () => Promise<number> },
): void {
  metrics.gauge({
    name,
    help,
    async collect() {
      this.set(await observe().catch(() => Number.NaN));
    },
  });
}
