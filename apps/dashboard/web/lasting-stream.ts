/** What somebody who follows a stream of server-sent events is told. */
export interface Follower {
  readonly opened: () => void;
  readonly told: (data: string) => void;
  /** The connection is lost, and tried again; `refused` when the server answered, but not with a stream. */
  readonly lost: (refused: boolean) => void;
}

const AGAIN_MS = 2000;

/**
 * Follows a stream until it is ended by what this returns. A browser connects again by itself after a lost connection, but
 * never after an answer like 502 or 503, which a server gives while it starts: here that is tried again as well, after the
 * last event that was told.
 */
export function followStream(address: string, follower: Follower): () => void {
  let last = '';
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let source = open();
  function open(): EventSource {
    const again = last === '' ? '' : `${address.includes('?') ? '&' : '?'}after=${encodeURIComponent(last)}`;
    const opened = new EventSource(address + again);
    opened.addEventListener('open', follower.opened);
    opened.addEventListener('message', ({ data, lastEventId }: MessageEvent<string>) => {
      if (lastEventId !== '') last = lastEventId;
      follower.told(data);
    });
    opened.addEventListener('error', () => {
      const refused = opened.readyState === EventSource.CLOSED;
      follower.lost(refused);
      if (!refused || waiting !== undefined) return;
      waiting = setTimeout(() => {
        waiting = undefined;
        source = open();
      }, AGAIN_MS);
    });
    return opened;
  }
  return () => {
    clearTimeout(waiting);
    source.close();
  };
}
