import { reconcileStream } from '@xvision/catalogue';
import type { Dependencies } from './dependencies.js';

/** The broker forgets events after this long by itself (max_age of the streams). */
const KEPT_DAYS = 30;

/**
 * Makes the streams that are gone, asks the broker what it has of each stream and puts whatever it lost back into the outbox: the tail after a crash or
 * a restored backup, or everything after its store was deleted. Resolves to how many events that were.
 */
export async function reconcile({ bus, catalogue, log, metrics }: Dependencies, replicas: number): Promise<number> {
  await bus.ensureTopology({ replicas });
  let lost = 0;
  for (const { stream, created, lastSequence } of await bus.streamsState()) {
    const events = await reconcileStream(catalogue, { stream, created, lastSequence }, KEPT_DAYS);
    if (events > 0) log.warn({ stream, events }, 'the broker lost events of this stream; publishing them again');
    lost += events;
  }
  metrics.lost.inc(lost);
  return lost;
}
