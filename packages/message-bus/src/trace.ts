import { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Envelope } from '@xvision/contracts';

/** Header and CloudEvents extension that carry the W3C trace context. */
export const TRACEPARENT = 'traceparent';

/** The trace that an event belongs to: the one it was stated in, else the one that is active now. */
export function traceparentOf(event: Envelope): string | undefined {
  if (event.traceparent !== undefined) return event.traceparent;
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return carrier[TRACEPARENT];
}

/** Runs a handler inside the trace of its event; costs nothing where no tracing is set up. */
export async function inTraceOf<Result>(
  event: Envelope,
  consumer: string,
  handle: () => Promise<Result>,
): Promise<Result> {
  const parent = propagation.extract(ROOT_CONTEXT, { [TRACEPARENT]: event.traceparent });
  const attributes = {
    'messaging.system': 'nats',
    'messaging.operation.type': 'process',
    'messaging.destination.name': event.type,
    'messaging.consumer.group.name': consumer,
    'messaging.message.id': event.id,
  };
  const options = { kind: SpanKind.CONSUMER, attributes };
  return trace
    .getTracer('@xvision/message-bus')
    .startActiveSpan(`process ${event.type}`, options, parent, async (span) => {
      try {
        return await handle();
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : String(error) });
        throw error;
      } finally {
        span.end();
      }
    });
}
