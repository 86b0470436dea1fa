import { recordDeadLetter } from '@xvision/catalogue';
import { type DeadLetterRecorded, deadLetterRecorded, type Envelope } from '@xvision/contracts';
import { type Advisory, type Bus, deadLetterEvent, type Subscription } from '@xvision/message-bus';
import { type Dependencies, SOURCE } from './dependencies.js';

const DURABLE = 'relay';

/**
 * One path for every dead letter: it is told as `xv.dead.recorded`, by the bus of the consumer that gave up or, when the
 * consumer died with it, here from the broker's advisory; and the relay alone turns that event into the row.
 */
export async function recordDeadLetters(deps: Dependencies): Promise<Subscription[]> {
  const { bus } = deps;
  const retryDelaysMs = [1_000, 5_000, 30_000];
  return [
    await bus.subscribe(deadLetterRecorded, { durable: DURABLE, stream: 'XV_DEAD', retryDelaysMs }, (event) =>
      recordRow(deps, event),
    ),
    await bus.subscribeToAdvisories({ durable: DURABLE, retryDelaysMs }, (advisory) => tellKiller(bus, advisory)),
  ];
}

/** A message that was delivered too often and that nobody could give up on: it killed its service each time. */
async function tellKiller(bus: Pick<Bus, 'publish'>, advisory: Advisory): Promise<void> {
  // A consumer that terminated the message had told its dead letter before.
  if (advisory.kind === 'terminated') return;
  const { deadLetterId: id, consumer, stream, streamSequence, deliveries, message } = advisory;
  const eventId = message?.event?.id;
  await bus.publish(
    deadLetterEvent(
      {
        id,
        consumer,
        stream,
        streamSequence,
        subject: message?.subject ?? 'unknown',
        ...(eventId === undefined ? {} : { eventId }),
        reason: 'max-deliveries',
        message: `${consumer} took it ${deliveries} times and never answered; see why ${consumer} was killed (memory?)`,
        deliveries,
        body: message?.body ?? '',
      },
      SOURCE,
    ),
  );
}

async function recordRow({ bus, catalogue, log }: Dependencies, event: Envelope<DeadLetterRecorded>): Promise<void> {
  const { stream, streamSequence, eventId, ...letter } = event.data;
  const known = stream !== undefined && streamSequence !== undefined;
  const kept = known ? await bus.message(stream, streamSequence) : undefined;
  const recorded = await recordDeadLetter(catalogue, {
    ...letter,
    id: event.id,
    ...(eventId === undefined ? {} : { eventId }),
    ...(known ? { stream, streamSequence } : {}),
    ...(kept === undefined ? {} : { body: kept.body }),
  });
  if (recorded) log.warn({ consumer: letter.consumer, eventId, reason: letter.reason }, 'a dead letter was recorded');
}
