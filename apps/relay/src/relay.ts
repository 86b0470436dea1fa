import { leadOutbox, type OutboxLeadership } from '@xvision/catalogue';
import { Alarm } from './alarm.js';
import type { Config } from './config.js';
import type { Dependencies } from './dependencies.js';
import { publishWindow } from './publish-window.js';
import { reconcile } from './reconcile.js';
import { reviveStuck } from './revive-stuck.js';
import { sweep } from './sweep.js';
import { gapAfterSweep } from './sweep-gap.js';

export type RelayOptions = Pick<
  Config,
  'DATABASE_URL' | 'NATS_REPLICAS' | 'SWEEP_SECONDS' | 'RECONCILE_SECONDS' | 'STUCK_AFTER_SECONDS'
>;

/** The net under the notices: the outbox is looked at this often even when nobody says that it changed. */
const POLL_MS = 1_000;
const STAND_BY_MS = 500;
const RETRY_MS = 500;

/**
 * Relays until `stopping` aborts, then finishes the window in hand. One relay of a database leads and does the work, so
 * that events travel in their order; the others stand by and lead within a second when it is gone (decision 0021).
 */
export async function relay(deps: Dependencies, options: RelayOptions, stopping: AbortSignal): Promise<void> {
  const { log, metrics } = deps;
  let said = '';
  while (!stopping.aborted) {
    const alarms = { outbox: new Alarm(), sweep: new Alarm() };
    const lead = await takeLead(options.DATABASE_URL, () => alarms.outbox.ring());
    if (typeof lead === 'string') {
      if (lead !== said) log.info({ reason: lead }, 'standing by');
      said = lead;
      await new Alarm().wait(STAND_BY_MS, stopping);
      continue;
    }
    said = '';
    log.info({}, 'leading the outbox');
    metrics.leads.set(1);
    await leadUntil({ deps, options, alarms }, AbortSignal.any([stopping, lead.lost]));
    metrics.leads.set(0);
    if (lead.lost.aborted) log.warn({}, 'the connection that held the lead is lost; asking for it again');
    await lead[Symbol.asyncDispose]();
  }
}

/** The lead, or why there is none. */
async function takeLead(url: string, onChange: () => void): Promise<OutboxLeadership | string> {
  try {
    return (await leadOutbox(url, onChange)) ?? 'another relay leads';
  } catch (error) {
    return `PostgreSQL does not answer: ${error instanceof Error ? error.message : String(error)}`;
  }
}

interface Leading {
  readonly deps: Dependencies;
  readonly options: RelayOptions;
  readonly alarms: { readonly outbox: Alarm; readonly sweep: Alarm };
}

async function leadUntil(leading: Leading, over: AbortSignal): Promise<void> {
  await Promise.all([publishing(leading, over), sweeping(leading, over), reviving(leading, over)]);
}

/**
 * Publishes and reconciles in turn, never at once: between the broker's answer and its comparison nothing may be published.
 * The first thing is to reconcile, so that what the broker lost is known by the places it had.
 */
async function publishing({ deps, options, alarms }: Leading, over: AbortSignal): Promise<void> {
  let reconcileAt = 0;
  const soon = (): void => {
    reconcileAt = 0;
    alarms.outbox.ring();
  };
  const forget = deps.bus.onReconnect(soon);
  while (!over.aborted) {
    const published = await persistently(deps, over, async () => {
      if (Date.now() >= reconcileAt) {
        await reconcile(deps, options.NATS_REPLICAS);
        reconcileAt = Date.now() + options.RECONCILE_SECONDS * 1000;
      }
      return await publishWindow(deps).catch((error: unknown) => {
        reconcileAt = 0;
        throw error;
      });
    });
    if ((published ?? 0) > 0) alarms.sweep.ring();
    else await alarms.outbox.wait(POLL_MS, over);
  }
  forget();
}

async function sweeping({ deps, options, alarms }: Leading, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    const began = performance.now();
    await persistently(deps, over, () => sweep(deps));
    await new Alarm().wait(gapAfterSweep(performance.now() - began), over);
    await alarms.sweep.wait(options.SWEEP_SECONDS * 1000, over);
  }
}

/** Four looks per span, so that a stuck event waits little longer than it has to. */
async function reviving({ deps, options }: Leading, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    await new Alarm().wait((options.STUCK_AFTER_SECONDS * 1000) / 4, over);
    if (over.aborted) return;
    await persistently(deps, over, () => reviveStuck(deps, options.STUCK_AFTER_SECONDS));
  }
}

/** Broker or database may be away for long: says so and tries again until it works or the lead is over. */
async function persistently<Result>(
  { log }: Dependencies,
  over: AbortSignal,
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (over.aborted) return undefined;
      log.warn({ error: String(error), retryMs: RETRY_MS }, 'the relay cannot go on; trying again');
      await new Alarm().wait(RETRY_MS, over);
      if (over.aborted) return undefined;
    }
  }
}
