import { Client } from 'pg';

/** Any fixed number: every relay of this database asks for the same lock. */
const RELAY_LOCK = 7_214_583_020;

/** A relay whose machine vanished without a word is noticed by PostgreSQL after about 25 s and loses the lead. */
const NOTICE_LOSS = '-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3';

/** The lead among the relays of one database, held as long as its connection lives. */
export interface OutboxLeadership extends AsyncDisposable {
  /** Aborts when the connection is lost; another relay may lead from then on. */
  readonly lost: AbortSignal;
  /** Resolves when the outbox may have changed since the last call, after `timeoutMs`, or when the signal aborts. */
  changed(timeoutMs: number, signal: AbortSignal): Promise<void>;
}

/** Takes the lead over the outbox and listens to it; undefined while another relay leads. Rejects when PostgreSQL is away. */
export async function leadOutbox(url: string): Promise<OutboxLeadership | undefined> {
  const client = new Client({
    connectionString: url,
    application_name: 'xvision-relay-lead',
    keepAlive: true,
    options: NOTICE_LOSS,
    connectionTimeoutMillis: 10_000,
  });
  const lost = new AbortController();
  client.on('error', () => lost.abort());
  client.on('end', () => lost.abort());
  try {
    await client.connect();
    const answer = await client.query<{ leads: boolean }>('SELECT pg_try_advisory_lock($1) AS leads', [RELAY_LOCK]);
    if (answer.rows[0]?.leads !== true) {
      await client.end();
      return undefined;
    }
    const changes = new Changes(lost.signal);
    client.on('notification', () => changes.note());
    await client.query('LISTEN outbox');
    return {
      lost: lost.signal,
      changed: (timeoutMs, signal) => changes.wait(timeoutMs, signal),
      [Symbol.asyncDispose]: () => client.end(),
    };
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
}

/** Remembers a change that came while nobody waited, so that none is slept over. */
class Changes {
  private pending = false;
  private wake: () => void = () => {};
  private readonly lost: AbortSignal;

  constructor(lost: AbortSignal) {
    this.lost = lost;
  }

  note(): void {
    this.pending = true;
    this.wake();
  }

  async wait(timeoutMs: number, signal: AbortSignal): Promise<void> {
    if (!this.pending && !signal.aborted && !this.lost.aborted) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          for (const one of [signal, this.lost]) one.removeEventListener('abort', done);
          this.wake = () => {};
          resolve();
        };
        const timer = setTimeout(done, timeoutMs);
        for (const one of [signal, this.lost]) one.addEventListener('abort', done, { once: true });
        this.wake = done;
      });
    }
    this.pending = false;
  }
}
