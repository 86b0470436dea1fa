import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Health } from './health.js';
import type { Metrics } from './metrics.js';

export interface HealthServerOptions {
  readonly host: string;
  readonly port: number;
  readonly health: Health;
  readonly metrics: Metrics;
}

export interface HealthServer extends AsyncDisposable {
  /** For example `http://127.0.0.1:40123`. */
  readonly url: string;
  readonly port: number;
}

/** The port is taken by somebody else: set HEALTH_PORT to another one, or to 0 for any free one. */
export class PortInUseError extends Error {
  override readonly name = 'PortInUseError';
}

/** Serves /livez (the process answers), /readyz (it can do its job) and /metrics (Prometheus text). */
export async function startHealthServer(options: HealthServerOptions): Promise<HealthServer> {
  const server = createServer((request, response) => {
    respond(request.url ?? '/', response, options).catch((error: unknown) => {
      reply(response, 500, { error: String(error) });
    });
  });
  const port = await listen(server, { host: options.host, port: options.port, variable: 'HEALTH_PORT' });
  return {
    port,
    url: `http://${options.host}:${port}`,
    [Symbol.asyncDispose]: () => closeServer(server),
  };
}

/** Listens and gives the port; a port in use becomes a {@link PortInUseError} that names the variable to change. */
export async function listen(
  server: Server,
  { host, port, variable }: { readonly host: string; readonly port: number; readonly variable: string },
): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') return reject(error);
      const advice = `Set ${variable} to a free port (0 takes any), or stop the process that listens there`;
      reject(new PortInUseError(`port ${port} on ${host} is in use. ${advice}`, { cause: error }));
    });
    server.listen(port, host, resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** Answers in hand get this long; then their connections are cut. */
const CLOSE_GRACE_MS = 5000;

/** Stops taking connections, ends the idle ones and waits for the answers in hand. */
export async function closeServer(server: Server): Promise<void> {
  const cut = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  clearTimeout(cut);
}

async function respond(url: string, response: ServerResponse, { health, metrics }: HealthServerOptions): Promise<void> {
  // One connection per probe: nothing is left open when the process stops.
  response.setHeader('connection', 'close');
  switch (new URL(url, 'http://localhost').pathname) {
    case '/livez':
      reply(response, 200, { live: true });
      return;
    case '/readyz': {
      const readiness = await health.readiness();
      // Whoever started this process knows by its id that no other one answers at this port.
      reply(response, readiness.ready ? 200 : 503, { ...readiness, pid: process.pid });
      return;
    }
    case '/metrics':
      response.writeHead(200, { 'content-type': metrics.registry.contentType }).end(await metrics.registry.metrics());
      return;
    default:
      reply(response, 404, { error: 'only /livez, /readyz and /metrics are served here' });
  }
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
}
