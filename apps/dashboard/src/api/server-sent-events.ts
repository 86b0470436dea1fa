import type { Request, Response } from 'express';

const KEEP_ALIVE_MS = 15_000;
/** A viewer that far behind is cut off; it comes back with its Last-Event-ID. */
const LONGEST_BACKLOG_BYTES = 4_000_000;

export interface EventStream {
  send(message: { readonly id?: string; readonly data: unknown }): void;
  /** The viewer went away, or the server stops. */
  readonly closed: AbortSignal;
}

/** Opens a stream of server-sent events; it ends when the viewer leaves or the server stops. */
export function openEventStream(request: Request, response: Response, stopping: AbortSignal): EventStream {
  const controller = new AbortController();
  const close = (): void => {
    if (controller.signal.aborted) return;
    controller.abort();
    clearInterval(keepAlive);
    stopping.removeEventListener('abort', close);
    response.end();
  };
  const keepAlive = setInterval(() => response.write(':\n\n'), KEEP_ALIVE_MS).unref();
  response.writeHead(200, {
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'no-store',
    'X-Accel-Buffering': 'no',
  });
  response.write('retry: 1000\n\n');
  response.on('close', close);
  stopping.addEventListener('abort', close);
  if (stopping.aborted || request.method === 'HEAD') close();
  return {
    closed: controller.signal,
    send: ({ id, data }) => {
      if (controller.signal.aborted) return;
      response.write(`${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`);
      if (response.writableLength > LONGEST_BACKLOG_BYTES) response.destroy();
    },
  };
}
