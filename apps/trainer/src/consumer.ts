import type { Origin } from '@xvision/catalogue';
import type { Envelope } from '@xvision/contracts';

/** Durable consumer and inbox name. */
export const CONSUMER = 'trainer';

/** Who states a fact that follows from this event; the trace goes on. */
export function originFrom(event: Envelope): Origin {
  const source = `xvision/${CONSUMER}`;
  return event.traceparent === undefined ? { source } : { source, traceparent: event.traceparent };
}
