import { hostname } from 'node:os';
import { v7 as uuidv7 } from 'uuid';
import type { Database } from './database.js';
import type { CatalogueLog } from './log.js';
import {
  type NewServiceInstance,
  recordServiceSeen,
  recordServiceStarted,
  recordServiceStopped,
} from './queries/service-instances.js';

export interface HeartbeatOptions extends Omit<NewServiceInstance, 'id' | 'host' | 'pid'> {
  /** What the service's own checks say. */
  readonly readiness: () => Promise<{ readonly checks: Readonly<Record<string, string>> }>;
  readonly log: CatalogueLog;
  readonly everyMs?: number;
}

export interface Heartbeat extends AsyncDisposable {
  /** The work is done: says so. */
  stop(): Promise<void>;
}

/** Several times within the time after which silence is taken for an end. */
const EVERY_MS = 5000;
/** A catalogue that is away must not hold up the end of a process. */
const LAST_WORD_MS = 2000;

/**
 * Says in the catalogue that this process lives, until it is disposed of, which says that it stopped. A process that is
 * killed says nothing more: its last sight stays. A catalogue that is away for a while is no reason to stop working.
 */
export async function keepHeartbeat(db: Database, options: HeartbeatOptions): Promise<Heartbeat> {
  const { readiness, log, everyMs = EVERY_MS, ...service } = options;
  const id = uuidv7();
  await recordServiceStarted(db, { ...service, id, host: hostname(), pid: process.pid });
  let beating = Promise.resolve();
  let silent = false;
  const beat = async (): Promise<void> => {
    try {
      await recordServiceSeen(db, id, healthIn((await readiness()).checks));
      silent = false;
    } catch (error) {
      if (!silent) log.warn({ reason: String(error) }, 'the catalogue did not take the sign of life; tried again');
      silent = true;
    }
  };
  const timer = setInterval(() => {
    beating = beating.then(beat);
  }, everyMs).unref();
  const stop = async (): Promise<void> => {
    clearInterval(timer);
    const told = beating.then(() => recordServiceStopped(db, id));
    const late = new Promise<never>((_resolve, reject) => {
      setTimeout(() => reject(new Error(`no answer within ${LAST_WORD_MS} ms`)), LAST_WORD_MS).unref();
    });
    await Promise.race([told, late]).catch((error: unknown) => {
      log.warn({ reason: String(error) }, 'the catalogue did not take that this service stops');
    });
  };
  let stopped: Promise<void> | undefined;
  const once = () => (stopped ??= stop());
  return { stop: once, [Symbol.asyncDispose]: once };
}

function healthIn(checks: Readonly<Record<string, string>>): string {
  const wrong = Object.entries(checks).filter(([, result]) => result !== 'ok');
  return wrong.length === 0 ? 'ok' : wrong.map(([name, result]) => `${name}: ${result}`).join('; ');
}
