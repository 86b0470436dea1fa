import {
  findUnpublished,
  markPublished,
  type OutboxRow,
  type Published,
  recordDeadLetter,
  withholdEvents,
} from '@xvision/catalogue';
import { MalformedEventError } from '@xvision/contracts';
import { ATOMIC_BATCH, deadLetterId } from '@xvision/message-bus';
import type { Dependencies } from './dependencies.js';

/**
 * Publishes the oldest events of the outbox, as many as the broker writes at once, and notes where it keeps them.
 * Resolves to how many left the outbox; 0 = it is empty. When it throws, the events stay and the next call sends them
 * with the same message ids, so that the broker stores none twice.
 */
export async function publishWindow(deps: Dependencies): Promise<number> {
  const rows = await findUnpublished(deps.catalogue, ATOMIC_BATCH);
  if (rows.length === 0) return 0;
  const published = await send(deps, rows);
  const lost = await markPublished(deps.catalogue, published);
  deps.metrics.published.inc(published.length);
  if (lost > 0) {
    deps.metrics.lost.inc(lost);
    deps.log.warn({ events: lost }, 'the broker lost events that it had taken; publishing them again');
  }
  return rows.length;
}

async function send(deps: Dependencies, rows: readonly OutboxRow[]): Promise<Published[]> {
  try {
    const receipts = await deps.bus.publishAll(rows.map(({ envelope, messageId }) => ({ event: envelope, messageId })));
    return receipts.map(({ eventId, stream, sequence, duplicate }) => ({
      eventId,
      stream,
      streamSequence: sequence,
      duplicate,
    }));
  } catch (error) {
    if (!(error instanceof MalformedEventError)) throw error;
    if (rows.length > 1) return await sendSingly(deps, rows);
    const [row] = rows;
    if (row !== undefined) await withhold(deps, row, error);
    return [];
  }
}

/** One malformed event must not hold up the others for ever. */
async function sendSingly(deps: Dependencies, rows: readonly OutboxRow[]): Promise<Published[]> {
  const published: Published[] = [];
  for (const row of rows) published.push(...(await send(deps, [row])));
  return published;
}

/** Only an event of another version of the contracts comes to this: every event is checked when it is written. */
async function withhold(deps: Dependencies, { envelope }: OutboxRow, error: MalformedEventError): Promise<void> {
  const body = JSON.stringify(envelope);
  const place = { consumer: 'relay', stream: 'outbox', streamSequence: 0, body };
  await deps.catalogue.transaction(async (tx) => {
    await recordDeadLetter(tx, {
      id: deadLetterId(place),
      consumer: place.consumer,
      subject: envelope.type,
      eventId: envelope.id,
      reason: 'poison',
      message: `this version cannot publish it: ${error.message}`,
      deliveries: 1,
      body,
    });
    await withholdEvents(tx, [envelope.id]);
  });
  deps.log.error(
    { eventId: envelope.id, error: error.message },
    'an event breaks its contract; it is a dead letter now',
  );
}
