import { z } from 'zod';
import { processEnvironment, readEnvironment } from './environment.js';
import { Health } from './health.js';
import { startHealthServer } from './health-server.js';
import { createLogger, type Logger } from './logger.js';
import { createMetrics, type Metrics } from './metrics.js';
import { watchParent } from './parent-guard.js';

export interface Service {
  readonly log: Logger;
  /** Resolves at the first SIGTERM or SIGINT, or when the local stack that started the process is gone. */
  readonly shutdown: Promise<void>;
  /** The same moment as a signal, for what can be broken off (waiting for a server, say). */
  readonly stopping: AbortSignal;
  readonly metrics: Metrics;
  readonly health: Health;
}

/** A process whose stack is gone and that cannot finish what is in hand ends after this, whatever it does. */
const ORPHAN_GRACE_MS = 10_000;

const schema = z.object(processEnvironment);

/**
 * The one place where a process starts, reports a fatal error and ends. The body ends by itself after `shutdown`: exit 0.
 * Whatever it throws is logged with its cause: exit 1. A second signal ends the process at once.
 */
export async function runService(name: string, body: (service: Service) => Promise<void>): Promise<void> {
  // oxlint-disable-next-line node/no-process-env -- logging and probes must work before a service's own config is read
  const environment = process.env;
  let log = createLogger({ service: name, level: 'info', version: '' });
  try {
    const config = readEnvironment(schema, environment);
    log = createLogger({ service: name, level: config.LOG_LEVEL, version: config.SERVICE_VERSION });
    endOnUnknownErrors(log);
    const health = new Health();
    const stopping = stopOnSignals({ log, health, parent: config.XVISION_PARENT });
    const metrics = createMetrics(name);
    await using server = await startHealthServer({
      host: config.HEALTH_HOST,
      port: config.HEALTH_PORT,
      health,
      metrics,
    });
    log.info({ health: server.url, healthPort: server.port }, 'started');
    await runBody(body, { log, stopping, shutdown: aborted(stopping), metrics, health });
    log.info('stopped');
  } catch (error) {
    end(log, error);
  }
  process.exit(0);
}

async function runBody(body: (service: Service) => Promise<void>, service: Service): Promise<void> {
  try {
    await body(service);
  } catch (error) {
    // Waiting for a server was broken off by the shutdown: that is how it shall end.
    if (service.stopping.aborted && isAbort(error)) return;
    throw error;
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function stopOnSignals({
  log,
  health,
  parent,
}: {
  log: Logger;
  health: Health;
  parent: number | undefined;
}): AbortSignal {
  const controller = new AbortController();
  const stop = (cause: string): void => {
    if (controller.signal.aborted) {
      log.warn({ cause }, 'asked to stop a second time: ending at once');
      process.exit(130);
    }
    log.info({ cause }, 'stopping');
    health.stop();
    controller.abort();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
  watchParent(parent, () => {
    setTimeout(() => process.exit(1), ORPHAN_GRACE_MS).unref();
    if (!controller.signal.aborted) stop('the process that started this one is gone');
  });
  return controller.signal;
}

/** An unknown error leaves unknown state: the process ends and is started again by whoever watches it. */
function endOnUnknownErrors(log: Logger): void {
  process.on('uncaughtException', (error) => end(log, error));
  process.on('unhandledRejection', (error) => end(log, error));
}

function end(log: Logger, error: unknown): never {
  const err = error instanceof Error ? error : new Error(String(error));
  log.fatal({ err }, err.message);
  process.exit(1);
}
