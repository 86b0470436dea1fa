import { OPENI_ORIGIN } from './allowed-hosts.js';
import { parseAnswer } from './answer.js';
import { searchUrl } from './client.js';
import { PoliteFetch } from './polite-fetch.js';
import { recordFromApi } from './record.js';

export type ProbeResult =
  | { readonly ok: true; readonly total: number }
  | { readonly ok: false; readonly reason: string };

export interface ProbeOptions {
  readonly baseUrl?: string;
  /** For the whole probe. */
  readonly timeoutMs?: number;
}

/** Asks for one record, once. Never throws: what does not answer as the Open-i API does is a reason in words. */
export async function probeOpenI({
  baseUrl = OPENI_ORIGIN,
  timeoutMs = 20_000,
}: ProbeOptions = {}): Promise<ProbeResult> {
  await using fetcher = new PoliteFetch({ baseUrl, requestsPerSecond: 1, attempts: 1, timeoutMs, firstBackoffMs: 0 });
  try {
    const { total, entries } = await fetcher.get(searchUrl(baseUrl, { first: 1, last: 1 }), {
      maxBytes: 1024 * 1024,
      signal: AbortSignal.timeout(timeoutMs),
      read: ({ bytes }) => parseAnswer(Buffer.from(bytes).toString('utf8')),
    });
    const [first] = entries;
    if (first === undefined) return { ok: false, reason: `${baseUrl} answers, but without a record` };
    const record = typeof first === 'string' ? first : recordFromApi(first, baseUrl);
    if (typeof record === 'string') return { ok: false, reason: `${baseUrl} answers other than expected: ${record}` };
    return { ok: true, total };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false, reason: `${baseUrl} cannot be used: ${reason}` };
  }
}
