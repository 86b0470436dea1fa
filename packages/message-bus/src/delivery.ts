import { type Msg, type MsgHdrs, nanos } from '@nats-io/transport-node';

/** One message as the broker hands it to a consumer, and the four things that can be said of it. */
export interface Delivery {
  readonly subject: string;
  readonly headers: MsgHdrs | undefined;
  readonly body: string;
  readonly stream: string;
  readonly consumer: string;
  readonly streamSequence: number;
  /** Which attempt this is, from 1. */
  readonly attempt: number;
  /** Done. */
  ack(): void;
  /** Not done; deliver it again after so many milliseconds. */
  retry(afterMs: number): void;
  /** Never deliver it again. */
  terminate(reason: string): void;
  /** Still at it: the claim starts anew. */
  working(): void;
}

export const ACK_PREFIX = '$JS.ACK.';

/** Older servers leave out domain and account: `$JS.ACK.<stream>.…` instead of `$JS.ACK.<domain>.<account>.<stream>.…`. */
const SHORT_FORM = 9;

/** Reads the reply subject, in which JetStream says which message of which consumer this is. */
export function deliveryOf(message: Msg): Delivery {
  const tokens = (message.reply ?? '').split('.');
  const at = tokens.length === SHORT_FORM ? 2 : 4;
  const [stream = '', consumer = '', attempt, streamSequence] = tokens.slice(at);
  return {
    subject: message.subject,
    headers: message.headers,
    body: message.string(),
    stream,
    consumer,
    attempt: Number(attempt),
    streamSequence: Number(streamSequence),
    ack: () => void message.respond('+ACK'),
    retry: (afterMs) =>
      void message.respond(afterMs > 0 ? `-NAK ${JSON.stringify({ delay: nanos(afterMs) })}` : '-NAK'),
    terminate: (reason) => void message.respond(`+TERM ${reason}`),
    working: () => void message.respond('+WPI'),
  };
}
