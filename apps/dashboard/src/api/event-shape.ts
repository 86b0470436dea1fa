import type { EventRow } from '@xvision/catalogue';
import type { RecordedEvent } from '@xvision/contracts';

export function eventShape({ sequence, envelope, publishedAt, stream, streamSequence }: EventRow): RecordedEvent {
  return {
    sequence: String(sequence),
    event: envelope,
    publishedAt: publishedAt?.toISOString() ?? null,
    stream,
    streamSequence: streamSequence === null ? null : String(streamSequence),
  };
}
