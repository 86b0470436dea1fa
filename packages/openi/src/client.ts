import { sniffMediaType, UnfitImageError } from '@xvision/imaging';
import { OPENI_ORIGIN } from './allowed-hosts.js';
import { parseAnswer, UnexpectedAnswerError } from './answer.js';
import { PoliteFetch } from './polite-fetch.js';
import { type OpenIRecord, recordFromApi } from './record.js';
import { SYNTHETIC_HEADER } from './synthetic-header.js';

export interface OpenISettings {
  /** The live service where absent; a mirror or the simulator otherwise. */
  readonly baseUrl?: string;
  /** Default: 4 against the live service, unlimited elsewhere. */
  readonly requestsPerSecond?: number;
  readonly attempts?: number;
  readonly timeoutMs?: number;
  readonly firstBackoffMs?: number;
  readonly maxImageBytes?: number;
}

/** One record of a harvest; `problem` instead where the service sent something unusable. */
export type Entry =
  | { readonly position: number; readonly total: number; readonly record: OpenIRecord }
  | { readonly position: number; readonly total: number; readonly problem: string };

export interface RecordsOptions {
  readonly query?: string;
  /** First position wanted, counted from 1; where an interrupted harvest goes on. */
  readonly from?: number;
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

export interface FetchedImage {
  readonly bytes: Uint8Array;
  readonly mediaType: 'image/png' | 'image/jpeg';
  /** The server says that it made this image up. */
  readonly synthetic: boolean;
}

export interface OpenIClient extends AsyncDisposable {
  readonly baseUrl: string;
  /** Walks the chest collection in the service's order, page by page. Faults: see {@link PoliteFetch.get}. */
  records(options?: RecordsOptions): AsyncGenerator<Entry>;
  /** Images of the live service are asked of the configured base URL, so that a mirror or simulator stands in for both. */
  fetchImage(url: string, signal?: AbortSignal): Promise<FetchedImage>;
}

/** The API gives at most this many records at once. */
const PAGE_SIZE = 100;
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;
const NEVER = new AbortController().signal;

export function openOpenI(settings: OpenISettings = {}): OpenIClient {
  const baseUrl = settings.baseUrl ?? OPENI_ORIGIN;
  const isLive = new URL(baseUrl).origin === OPENI_ORIGIN;
  const maxImageBytes = settings.maxImageBytes ?? 20 * 1024 * 1024;
  const fetcher = new PoliteFetch({
    baseUrl,
    requestsPerSecond: settings.requestsPerSecond ?? (isLive ? 4 : Number.POSITIVE_INFINITY),
    attempts: settings.attempts ?? 5,
    timeoutMs: settings.timeoutMs ?? 30_000,
    firstBackoffMs: settings.firstBackoffMs ?? 500,
  });

  return {
    baseUrl,
    records: (options = {}) => walk(fetcher, baseUrl, options),
    fetchImage: async (url, signal = NEVER) =>
      await fetcher.get(throughBase(url, baseUrl), {
        maxBytes: maxImageBytes,
        signal,
        read: ({ bytes, headers }) => ({
          bytes,
          mediaType: mediaTypeOf(bytes, url),
          synthetic: headers[SYNTHETIC_HEADER] === 'true',
        }),
      }),
    [Symbol.asyncDispose]: () => fetcher[Symbol.asyncDispose](),
  };
}

export function searchUrl(baseUrl: string, page: { first: number; last: number; query?: string | undefined }): string {
  const url = new URL('/api/search', baseUrl);
  url.searchParams.set('coll', 'cxr');
  url.searchParams.set('m', String(page.first));
  url.searchParams.set('n', String(page.last));
  if (page.query !== undefined && page.query !== '') url.searchParams.set('query', page.query);
  return url.href;
}

async function* walk(fetcher: PoliteFetch, baseUrl: string, options: RecordsOptions): AsyncGenerator<Entry> {
  const { query, from = 1, limit = Number.POSITIVE_INFINITY, signal = NEVER } = options;
  const end = from + limit;
  for (let first = from; first < end; ) {
    const last = Math.min(first + PAGE_SIZE, end) - 1;
    const { total, entries } = await fetcher.get(searchUrl(baseUrl, { first, last, query }), {
      maxBytes: MAX_ANSWER_BYTES,
      signal,
      read: ({ bytes }) => parseAnswer(Buffer.from(bytes).toString('utf8')),
    });
    for (const [offset, entry] of entries.slice(0, last - first + 1).entries()) {
      const position = first + offset;
      const record = typeof entry === 'string' ? entry : recordFromApi(entry, baseUrl);
      yield typeof record === 'string' ? { position, total, problem: record } : { position, total, record };
    }
    // The announced total is off by a record or so; an empty page is the end, whatever it says.
    if (entries.length === 0 || last >= total) return;
    first = last + 1;
  }
}

function throughBase(address: string, baseUrl: string): string {
  const wanted = new URL(address);
  if (wanted.origin !== OPENI_ORIGIN) return wanted.href;
  // Not `new URL(path, base)`: the published lists write `//imgs/…`, which that would read as a host.
  const url = new URL(baseUrl);
  url.pathname = wanted.pathname.replace(/^\/+/, '/');
  url.search = wanted.search;
  return url.href;
}

function mediaTypeOf(bytes: Uint8Array, url: string): 'image/png' | 'image/jpeg' {
  try {
    const mediaType = sniffMediaType(bytes);
    if (mediaType !== 'application/dicom') return mediaType;
  } catch (error) {
    if (!(error instanceof UnfitImageError)) throw error;
    throw new UnexpectedAnswerError(`${url}: ${error.message}`, { cause: error });
  }
  throw new UnexpectedAnswerError(`${url} is a DICOM file, which the service does not serve`);
}
