import { createWriteStream, openAsBlob } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Collection,
  type CollectionRequestInput,
  collectionSchema,
  missingUploadsSchema,
  type PredictionJob,
  type PredictionRequest,
  pageOf,
  predictionJobSchema,
  problemSchema,
  type Run,
  type RunSettingsInput,
  runSchema,
} from '@xvision/contracts';
import type { z } from 'zod';
import { CommandError } from './failure.js';
import { readServerSentEvents } from './server-sent-events.js';

export interface Connection {
  readonly url: string;
  readonly token?: string | undefined;
  readonly signal: AbortSignal;
  /** Tells a person what is waited for. */
  readonly note: (line: string) => void;
}

export interface ApiClient {
  readonly url: string;
  /** GET a resource and parse it; throws {@link CommandError} with the API's own words. */
  get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.infer<Schema>>;
  delete<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.infer<Schema>>;
  post<Schema extends z.ZodType>(path: string, body: unknown, schema: Schema): Promise<z.infer<Schema>>;
  /** Every item of a list, page after page; `path` may carry filters. */
  all<Item extends z.ZodType>(path: string, item: Item): AsyncIterable<z.infer<Item>>;
  bytes(path: string): Promise<Uint8Array>;
  /** Writes what a path gives into a file, however long it is. */
  download(path: string, file: string): Promise<void>;
  /** The data of each server-sent event, until the signal or the server ends it. */
  events(path: string): AsyncIterable<unknown>;
  upload(sha256: string, file: string): Promise<void>;
  missingUploads(sha256: readonly string[]): Promise<string[]>;
  collect(request: CollectionRequestInput): Promise<Collection>;
  collection(id: string): Promise<Collection>;
  startRun(settings: RunSettingsInput): Promise<Run>;
  run(id: string): Promise<Run>;
  predict(request: PredictionRequest): Promise<PredictionJob>;
  predictionJob(id: string): Promise<PredictionJob>;
}

async function refusal(response: Response, what: string): Promise<CommandError> {
  const body: unknown = await response.json().catch(() => undefined);
  const problem = problemSchema.safeParse(body);
  const said = problem.success ? problem.data.detail : undefined;
  if (response.status === 401 || response.status === 403) {
    return new CommandError(`${what}: ${said ?? 'not allowed'}. Give a token with the right role in XVISION_TOKEN.`);
  }
  return new CommandError(`${what}: ${said ?? `the API answered ${response.status}`}`);
}

function neverArrived({ cause }: Error): boolean {
  const reason = cause instanceof Error ? cause.cause : undefined;
  return reason instanceof Error && 'code' in reason && reason.code === 'ECONNREFUSED';
}

type Call = (path: string, init: RequestInit & { what: string }) => Promise<Response>;

/** How long a reader waits for an API or a server behind it that is being started again. */
const PATIENCE_MS = 60_000;
const RETRY_MS = 500;
const TOO_MANY_REQUESTS = 429;

/** How long an API that is asked too often wants to be left alone, in milliseconds. */
function retryAfterMs(response: Response): number {
  const seconds = Number(response.headers.get('retry-after'));
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : RETRY_MS;
}

/** One request; throws {@link CommandError} with the API's own words. `what` says what could not be done. */
function caller({ url, token, signal, note }: Connection): Call {
  const attempt = async (path: string, init: RequestInit) => {
    const headers = new Headers(init.headers);
    if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
    try {
      return await fetch(new URL(path, url), { ...init, headers, signal });
    } catch (error) {
      if (signal.aborted) throw new CommandError('interrupted');
      return new CommandError(`the API at ${url} does not answer. Is the stack up? See "xvision status".`, {
        cause: error,
      });
    }
  };
  return async (path, { what, ...init }) => {
    const until = Date.now() + PATIENCE_MS;
    for (let tries = 1; ; tries += 1) {
      const answer = await attempt(path, init);
      const busy = !(answer instanceof CommandError) && answer.status === TOO_MANY_REQUESTS;
      const failed = answer instanceof CommandError || answer.status >= 500 || busy;
      if (!failed) {
        if (answer.ok) return answer;
        throw await refusal(answer, what);
      }
      const refused = answer instanceof CommandError ? answer : await refusal(answer, what);
      // Reading again is harmless; writing again only where the first attempt never arrived.
      const harmless = init.method === undefined || busy || neverArrived(refused);
      if (!harmless || Date.now() > until) throw refused;
      if (tries === 1) note(`${refused.message}; trying again for a minute`);
      await sleep(busy ? retryAfterMs(answer) : RETRY_MS);
    }
  };
}

async function writeBody({ body, url }: Response, file: string): Promise<void> {
  if (body === null) throw new CommandError(`${url} gave no bytes: ask again`);
  await pipeline(body, createWriteStream(file));
}

export function connectApi(connection: Connection): ApiClient {
  const { url } = connection;
  const call = caller(connection);
  const get: ApiClient['get'] = async (path, schema) =>
    schema.parse(await (await call(path, { what: `reading ${path}` })).json());
  const post: ApiClient['post'] = async (path, body, schema) => {
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      what: `asking for ${path}`,
    };
    return schema.parse(await (await call(path, init)).json());
  };
  return {
    url,
    get,
    post,
    delete: async (path, schema) => {
      const init = { method: 'DELETE', what: `deleting ${path}` };
      return schema.parse(await (await call(path, init)).json());
    },
    all: async function* (path, item) {
      const page = pageOf(item);
      let next: string | null = null;
      do {
        const cursor: string =
          next === null ? '' : `${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(next)}`;
        const answer: { items: z.infer<typeof item>[]; next: string | null } = await get(`${path}${cursor}`, page);
        yield* answer.items;
        next = answer.next;
      } while (next !== null);
    },
    bytes: async (path) => new Uint8Array(await (await call(path, { what: `reading ${path}` })).arrayBuffer()),
    download: async (path, file) => writeBody(await call(path, { what: `reading ${path}` }), file),
    events: async function* (path) {
      const response = await call(path, { what: `following ${path}`, headers: { accept: 'text/event-stream' } });
      connection.note('following; Ctrl-C ends it');
      if (response.body !== null) yield* readServerSentEvents(response.body);
    },
    upload: async (sha256, file) => {
      const body = await openAsBlob(file);
      await call(`/api/uploads/${sha256}`, {
        method: 'PUT',
        body,
        headers: { 'content-type': 'application/octet-stream' },
        what: `uploading ${file}`,
      });
    },
    missingUploads: async (sha256) => (await post('/api/uploads/missing', { sha256 }, missingUploadsSchema)).missing,
    collect: (request) => post('/api/collections', request, collectionSchema),
    collection: (id) => get(`/api/collections/${id}`, collectionSchema),
    startRun: (settings) => post('/api/runs', settings, runSchema),
    run: (id) => get(`/api/runs/${id}`, runSchema),
    predict: (request) => post('/api/predictions', request, predictionJobSchema),
    predictionJob: (id) => get(`/api/predictions/${id}`, predictionJobSchema),
  };
}
