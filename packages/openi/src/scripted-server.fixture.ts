import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ScriptedServer extends AsyncDisposable {
  readonly url: string;
  /** Paths asked so far, in order. */
  readonly asked: readonly string[];
}

/** A loopback server for tests: answers each request with the next of its scripts, and the last one for ever. */
export async function startScriptedServer(
  ...scripts: ((request: IncomingMessage, response: ServerResponse) => void)[]
): Promise<ScriptedServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const script = scripts[Math.min(asked.length, scripts.length - 1)];
    asked.push(request.url ?? '');
    script?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
