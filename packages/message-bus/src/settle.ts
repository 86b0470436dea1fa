import { type Envelope, MalformedEventError, PoisonMessageError } from '@xvision/contracts';
import { type BusLog, said } from './bus-log.js';
import { type DeadLetter, deadLetterOf } from './dead-letter.js';
import type { Delivery } from './delivery.js';
import { retryDelay } from './retry-delays.js';

/** What became of one delivery. */
export interface Settled {
  readonly outcome: 'done' | 'retry' | 'dead';
  readonly milliseconds: number;
  readonly attempt: number;
}

export interface SettleOptions {
  /** Parses the message and does the work; what it throws decides what becomes of the message. */
  readonly work: (delivery: Delivery) => Promise<void>;
  /** Records a dead letter; when that fails the message is retried, not lost. */
  readonly bury: (letter: DeadLetter) => Promise<void>;
  readonly ackWaitMs: number;
  readonly maxDeliveries: number;
  readonly delays: readonly number[];
  readonly stopping: () => boolean;
  /** Resolves when the broker is there, or after a while: what is said while it is away is not heard. */
  readonly connected: () => Promise<void>;
  readonly log: BusLog;
  readonly onSettled?: (settled: Settled) => void;
}

const isPermanent = (error: unknown) => error instanceof PoisonMessageError || error instanceof MalformedEventError;

/** Parses what a publisher sent as JSON; anything else is malformed. */
export function parseBody(delivery: Delivery): unknown {
  try {
    return JSON.parse(delivery.body);
  } catch (error) {
    throw new MalformedEventError(`a message on ${delivery.subject} is not JSON: ${said(error)}`, { cause: error });
  }
}

async function afterFailure(delivery: Delivery, error: unknown, options: SettleOptions): Promise<Settled['outcome']> {
  const { log, stopping, delays, maxDeliveries, bury } = options;
  const { attempt } = delivery;
  const fields = { subject: delivery.subject, sequence: delivery.streamSequence, consumer: delivery.consumer, attempt };
  const permanent = isPermanent(error);
  if (permanent || (attempt >= maxDeliveries && !stopping())) {
    const letter = deadLetterOf(delivery, permanent ? 'poison' : 'max-deliveries', said(error));
    try {
      await bury(letter);
      log.error(
        { ...fields, eventId: letter.eventId, reason: letter.reason, error: said(error) },
        'gave up on a message',
      );
      delivery.terminate(letter.reason);
      return 'dead';
    } catch (failure) {
      log.error({ ...fields, error: said(failure) }, 'a dead letter could not be recorded; the message is retried');
    }
  }
  await options.connected();
  const wait = stopping() ? 0 : retryDelay(attempt, delays, Math.random());
  log.warn({ ...fields, retryInMs: wait, error: said(error) }, 'a message is retried');
  delivery.retry(wait);
  return 'retry';
}

function keepClaim(delivery: Delivery, log: BusLog): void {
  try {
    delivery.working();
  } catch (error) {
    log.warn({ subject: delivery.subject, error: said(error) }, 'the claim on a message could not be renewed');
  }
}

/**
 * Does the work of one message and settles it: returned → ack; poison or malformed → recorded as dead and never
 * delivered again; anything else → retried later, until the deliveries are used up, which is dead as well. While the work
 * lasts the claim on the message is renewed. Never throws.
 */
export async function settle(delivery: Delivery, options: SettleOptions): Promise<void> {
  const started = performance.now();
  const heartbeat = setInterval(() => keepClaim(delivery, options.log), options.ackWaitMs / 3);
  let outcome: Settled['outcome'] = 'done';
  try {
    await options.work(delivery);
    await options.connected();
    delivery.ack();
  } catch (error) {
    try {
      outcome = await afterFailure(delivery, error, options);
    } catch (failure) {
      // The connection is closed for good: the broker delivers the message again when the claim runs out.
      options.log.error({ subject: delivery.subject, error: said(failure) }, 'a message could not be settled');
      outcome = 'retry';
    }
  } finally {
    clearInterval(heartbeat);
  }
  options.onSettled?.({
    outcome,
    milliseconds: performance.now() - started,
    attempt: delivery.attempt,
  });
}

/** What a handler is told besides the event. */
export interface HandlerContext {
  /** Which attempt this is, from 1. */
  readonly delivery: number;
  /** Where the broker keeps the event. */
  readonly stream: string;
  readonly streamSequence: number;
  /** Aborted when the subscription is being stopped: a long job may hand its message back by throwing. */
  readonly signal: AbortSignal;
}

export type Handler<Payload> = (event: Envelope<Payload>, context: HandlerContext) => Promise<void> | void;
