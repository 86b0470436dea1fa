import { findStuckEvents, republishEvents, type StuckConsumer } from '@xvision/catalogue';
import type { Dependencies } from './dependencies.js';

const CONSUMERS: readonly StuckConsumer[] = ['scraper', 'preprocessor', 'extractor', 'trainer', 'evaluator', 'studies'];

/** More often than this an event is not sent again by itself: something else is wrong, and a person shall look. */
const MOST_REDRIVES = 3;
const ROUND = 500;

/**
 * Sends events again whose work left no outcome: the broker was purged by hand, say. Only for a consumer that has
 * nothing waiting and nothing in hand, and only events that were published long ago, so that live work is never doubled.
 */
export async function reviveStuck(deps: Dependencies, stuckAfterSeconds: number): Promise<number> {
  const { bus, catalogue, log, metrics } = deps;
  const idle = await idleConsumers(deps);
  let revived = 0;
  for (const consumer of idle) {
    const options = { olderThanSeconds: stuckAfterSeconds, mostRedrives: MOST_REDRIVES, limit: ROUND };
    const eventIds = await findStuckEvents(catalogue, consumer, options);
    if (eventIds.length === 0) continue;
    // Asked again: what was found may have arrived between the two questions.
    if (!(await idleConsumers({ bus })).includes(consumer)) continue;
    revived += await catalogue.transaction((tx) => republishEvents(tx, eventIds));
    log.warn({ consumer, events: eventIds.length }, 'events had no outcome though nothing waits; sending them again');
  }
  metrics.revived.inc(revived);
  return revived;
}

/** A service with two consumers (evaluator) is idle when both are; one that never started has no consumer and is not. */
async function idleConsumers({ bus }: Pick<Dependencies, 'bus'>): Promise<StuckConsumer[]> {
  const lags = await bus.lag();
  return CONSUMERS.filter((name) => {
    const own = lags.filter(({ consumer }) => consumer === name);
    return own.length > 0 && own.every(({ lag }) => lag === 0);
  });
}
