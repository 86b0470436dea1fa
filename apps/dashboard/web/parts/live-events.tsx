import type { EventKind, RecordedEvent } from '@xvision/contracts';
import { useEffect, useState } from 'react';
import { useEventKinds } from '../api/events.js';
import { followStream } from '../lasting-stream.js';
import { text } from '../texts/events.js';
import { EventTable } from './event-table.js';

interface Filter {
  readonly stream?: string;
  readonly subject?: string;
  readonly about?: string;
}

/** As many as are kept on the screen; the log has them all. */
const KEPT = 200;

/** Events as they happen, newest first. Give it the filter as its key: another filter is another watch. */
export function LiveEvents({ filter: { stream, subject, about } }: { filter: Filter }) {
  const kinds = useEventKinds().data?.items ?? [];
  const query = new URLSearchParams({
    ...(subject === undefined ? {} : { subject }),
    ...(about === undefined ? {} : { about }),
  }).toString();
  const { events, connected } = useFollowedEvents(query);
  const shown = stream === undefined ? events : events.filter((one) => streamOf(one, kinds) === stream);
  return (
    <>
      <output className="hint">{connected ? text.watching : text.reconnecting}</output>
      {shown.length === 0 ? <p className="empty">{text.noneYet}</p> : <EventTable events={shown} />}
    </>
  );
}

/** An event is told before the broker has it: its kind says which stream will take it. */
function streamOf({ stream, event }: RecordedEvent, kinds: readonly EventKind[]): string | undefined {
  return stream ?? kinds.find((kind) => kind.subject === event.type)?.stream;
}

function useFollowedEvents(query: string) {
  const [events, setEvents] = useState<readonly RecordedEvent[]>([]);
  const [connected, setConnected] = useState(false);
  useEffect(
    () =>
      // It goes on after the event that was told last; what is told twice is known by its id.
      followStream(`/api/events/stream?${query}`, {
        opened: () => setConnected(true),
        lost: () => setConnected(false),
        told: (data) => {
          const told = JSON.parse(data) as RecordedEvent;
          setEvents((before) =>
            before.some((one) => one.event.id === told.event.id) ? before : [told, ...before].slice(0, KEPT),
          );
        },
      }),
    [query],
  );
  return { events, connected };
}
