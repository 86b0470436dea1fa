import { setTimeout as sleep } from 'node:timers/promises';
import { TransientError } from '@xvision/contracts';
import { Agent, request } from 'undici';
import { checkAddress, ForbiddenAddressError, publicLookup } from './allowed-hosts.js';
import { UnexpectedAnswerError } from './answer.js';
import { RateLimit } from './rate-limit.js';

/** The server understood and will not give it, whoever asks however often (404, 410, 403). */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

export interface Answer {
  readonly bytes: Uint8Array;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface PoliteFetchSettings {
  readonly baseUrl: string;
  readonly requestsPerSecond: number;
  /** Tries in all before a fault that may pass is given up. */
  readonly attempts: number;
  /** For one request, from its start to its last byte. */
  readonly timeoutMs: number;
  /** Wait before the second try; doubles with each further one. */
  readonly firstBackoffMs: number;
}

export interface FetchOptions<Result> {
  readonly maxBytes: number;
  /** Reads the answer; an {@link UnexpectedAnswerError} counts as a fault that may pass. */
  readonly read: (answer: Answer) => Result;
  readonly signal: AbortSignal;
}

const MAX_REDIRECTS = 3;
const MAX_BACKOFF_MS = 30_000;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** Statuses that a later try may change: too early, too slow, too many, or the server's own trouble. */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);
const USER_AGENT = 'xvision/0.1 (research; polite harvester)';

/** A fault that may pass, and how long the server asks to wait. */
class PassingFault extends Error {
  readonly waitMs: number;

  constructor(message: string, options: { waitMs?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.waitMs = options.waitMs ?? 0;
  }
}

/** GET with a rate limit, retries, redirects that are checked each, a limit of size and of time. Only allowed hosts are visited. */
export class PoliteFetch implements AsyncDisposable {
  private readonly settings: PoliteFetchSettings;
  private readonly agent: Agent;
  private readonly rate: RateLimit;

  constructor(settings: PoliteFetchSettings) {
    this.settings = settings;
    this.rate = new RateLimit(settings.requestsPerSecond);
    this.agent = new Agent({
      connect: { lookup: publicLookup(settings.baseUrl) },
      keepAliveTimeout: 10_000,
      connections: 8,
    });
  }

  /**
   * Throws TransientError when the fault may pass but did not within the tries, {@link RefusedError} and
   * {@link ForbiddenAddressError} when trying again is useless.
   */
  async get<Result>(address: string, options: FetchOptions<Result>): Promise<Result> {
    const { attempts, firstBackoffMs } = this.settings;
    for (let attempt = 1; ; attempt++) {
      await this.rate.turn(options.signal);
      try {
        return options.read(await this.follow(address, options));
      } catch (error) {
        const fault = asPassing(error, options.signal);
        if (attempt >= attempts) {
          throw new TransientError(`${address} could not be fetched in ${attempts} tries: ${fault.message}`, {
            cause: fault,
          });
        }
        const backoff = Math.min(firstBackoffMs * 2 ** (attempt - 1), MAX_BACKOFF_MS) * (0.8 + 0.4 * Math.random());
        await sleep(Math.max(backoff, Math.min(fault.waitMs, MAX_BACKOFF_MS)), undefined, { signal: options.signal });
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.agent.destroy();
  }

  private async follow(address: string, options: { maxBytes: number; signal: AbortSignal }): Promise<Answer> {
    let url = checkAddress(address, this.settings.baseUrl);
    const signal = AbortSignal.any([options.signal, AbortSignal.timeout(this.settings.timeoutMs)]);
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const response = await request(url, {
        dispatcher: this.agent,
        signal,
        headers: { 'user-agent': USER_AGENT, accept: 'application/json, image/png, image/jpeg' },
      });
      const location = response.headers['location'];
      if (REDIRECTS.has(response.statusCode) && typeof location === 'string') {
        await response.body.dump();
        url = checkAddress(new URL(location, url).href, this.settings.baseUrl);
        continue;
      }
      if (response.statusCode !== 200) {
        await response.body.dump();
        throw faultOf(url, response);
      }
      return { bytes: await readLimited(response.body, options.maxBytes, url), headers: response.headers };
    }
    throw new RefusedError(`${address} redirects more than ${MAX_REDIRECTS} times`);
  }
}

function faultOf(
  url: URL,
  response: { statusCode: number; headers: Record<string, string | string[] | undefined> },
): Error {
  const { statusCode, headers } = response;
  if (!PASSING.has(statusCode)) return new RefusedError(`${url.href} answers ${statusCode}`);
  const after = Number(headers['retry-after']);
  return new PassingFault(`${url.href} answers ${statusCode}`, { waitMs: Number.isFinite(after) ? after * 1000 : 0 });
}

async function readLimited(body: AsyncIterable<Uint8Array>, maxBytes: number, url: URL): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let byteLength = 0;
  for await (const chunk of body) {
    byteLength += chunk.byteLength;
    if (byteLength > maxBytes) throw new RefusedError(`${url.href} is longer than the ${maxBytes} bytes allowed`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Gives back what may pass and throws on what will not: a refusal, a forbidden address, or the caller's own abort. */
function asPassing(error: unknown, signal: AbortSignal): PassingFault {
  signal.throwIfAborted();
  if (error instanceof PassingFault) return error;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  for (const final of [error, cause]) {
    if (final instanceof RefusedError || final instanceof ForbiddenAddressError || final instanceof TypeError)
      throw final;
  }
  if (error instanceof UnexpectedAnswerError) return new PassingFault(error.message, { cause: error });
  const said = error instanceof Error && error.message !== '' ? error.message : String(error);
  return new PassingFault(said, { cause: error });
}
