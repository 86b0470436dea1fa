import { Client } from 'pg';

/** Any fixed number: every relay of this database asks for the same lock. */
const RELAY_LOCK = 7_214_583_020;

/** A relay whose machine vanished without a word is noticed by PostgreSQL after about 25 s and loses the lead. */
const NOTICE_LOSS = '-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3';

/** The lead among the relays of one database, held as long as its connection lives. */
export interface OutboxLeadership extends AsyncDisposable {
  /** Aborts when the connection is lost; another relay may lead from then on. */
  readonly lost: AbortSignal;
}

/**
 * Takes the lead over the outbox and calls back whenever something was written to it; undefined while another relay leads.
 * Rejects when PostgreSQL is away.
 */
export async function leadOutbox(url: string, onChange: () => void): Promise<OutboxLeadership | undefined> {
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
    client.on('notification', onChange);
    await client.query('LISTEN outbox');
    return { lost: lost.signal, [Symbol.asyncDispose]: () => client.end() };
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
}
