import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_MS = 20;

/** Open streams of server-sent events, as so many open pages hold them. */
export interface Viewers extends AsyncDisposable {
  /** Waits until each has got this many messages. */
  everyoneHasSeen(messages: number): Promise<void>;
}

export async function watchAsViewers(address: string, count: number): Promise<Viewers> {
  const leaving = new AbortController();
  const seen = Array.from({ length: count }, () => 0);
  const reading = seen.map(async (_none, viewer) => {
    const response = await fetch(address, { signal: leaving.signal });
    if (response.body === null) throw new Error(`${address} answered ${response.status} without a stream`);
    const text = response.body.pipeThrough(new TextDecoderStream());
    for await (const chunk of text) seen[viewer] = (seen[viewer] ?? 0) + (chunk.match(/^data:/gm)?.length ?? 0);
  });
  let failure: unknown;
  const watching = Promise.all(reading).catch((error: unknown) => {
    if (!leaving.signal.aborted) failure = error;
  });
  return {
    everyoneHasSeen: async (messages) => {
      while (seen.some((got) => got < messages)) {
        if (failure !== undefined) throw new Error('a viewer lost its stream', { cause: failure });
        await sleep(LOOK_MS);
      }
    },
    [Symbol.asyncDispose]: async () => {
      leaving.abort();
      await watching;
    },
  };
}
