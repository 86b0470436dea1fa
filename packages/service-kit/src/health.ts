/** Returns when the named part works, throws (or never returns) when it does not. */
export type HealthCheck = () => unknown;

export interface Readiness {
  readonly ready: boolean;
  /** `ok`, or what is wrong. */
  readonly checks: Readonly<Record<string, string>>;
}

/** A check that takes longer is a failed check: a probe must answer in time. */
const CHECK_TIMEOUT_MS = 2000;

/** What a service needs in order to be of use now: its database, its bus, its model. */
export class Health {
  private readonly checks = new Map<string, HealthCheck>();
  private stopping = false;

  /** Adds (or replaces) a check of /readyz. */
  ready(name: string, check: HealthCheck): void {
    this.checks.set(name, check);
  }

  /** From now on /readyz says no, so that no new work is sent here. */
  stop(): void {
    this.stopping = true;
  }

  async readiness(): Promise<Readiness> {
    const entries = await Promise.all(
      [...this.checks].map(async ([name, check]) => [name, await outcome(check)] as const),
    );
    const checks = Object.fromEntries(entries);
    // A service names its checks once it has what it needs; before that it is of no use yet.
    if (this.checks.size === 0 && !this.stopping) return { ready: false, checks: { process: 'starting' } };
    if (this.stopping) return { ready: false, checks: { ...checks, process: 'stopping' } };
    return { ready: entries.every(([, result]) => result === 'ok'), checks };
  }
}

async function outcome(check: HealthCheck): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${CHECK_TIMEOUT_MS} ms`)), CHECK_TIMEOUT_MS);
  });
  try {
    await Promise.race([Promise.resolve().then(check), late]);
    return 'ok';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
  }
}
