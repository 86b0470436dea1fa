import type { Request, Response } from 'express';
import { z } from 'zod';
import { type Fault, InvalidRequestError } from './failures.js';

export type Role = 'viewer' | 'operator';

export interface Answer<Body> {
  readonly status?: number;
  readonly body: Body;
}

/** What a route is, for the router and for the OpenAPI document alike. */
export interface Route {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** In OpenAPI's spelling: `/api/runs/{id}`. */
  readonly path: string;
  readonly summary: string;
  readonly role: Role | 'anyone';
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Longest JSON body in bytes. */
  readonly bodyLimit?: number;
  readonly reply: Reply;
  /** Other statuses of success, with what they mean. */
  readonly alsoReplies?: Readonly<Record<number, string>>;
  readonly run: (request: Request, response: Response) => Promise<void>;
}

export interface Reply {
  readonly status: number;
  readonly description: string;
  readonly contentType: string;
  /** Of a JSON body. */
  readonly schema?: z.ZodType;
}

type Shape = z.ZodObject | undefined;
type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

interface Description<Params extends Shape, Query extends Shape> {
  readonly method: Route['method'];
  readonly path: string;
  readonly summary: string;
  readonly role: Route['role'];
  readonly params?: Params;
  readonly query?: Query;
}

interface JsonDescription<
  Params extends Shape,
  Query extends Shape,
  Body extends z.ZodType | undefined,
  Result extends z.ZodType,
> extends Description<Params, Query> {
  readonly body?: Body;
  readonly bodyLimit?: number;
  readonly result: Result;
  readonly status?: number;
  readonly alsoReplies?: Readonly<Record<number, string>>;
  readonly handle: (
    input: { params: Parsed<Params>; query: Parsed<Query>; body: Parsed<Body> },
    exchange: { request: Request; response: Response },
  ) => Promise<Answer<z.input<Result>>>;
}

/** A route that takes and gives JSON. Input is parsed by its schemas before the handler sees it. */
export function jsonRoute<
  Result extends z.ZodType,
  Params extends Shape = undefined,
  Query extends Shape = undefined,
  Body extends z.ZodType | undefined = undefined,
>(description: JsonDescription<Params, Query, Body, Result>): Route {
  const { handle, result, status = 200, ...rest } = description;
  return {
    ...(rest as Omit<Route, 'reply' | 'run'>),
    reply: { status, description: description.summary, contentType: 'application/json', schema: result },
    run: async (request, response) => {
      const input = {
        params: parse('path', description.params, request.params) as Parsed<Params>,
        query: parse('query', description.query ?? NO_QUERY, request.query) as Parsed<Query>,
        body: parse('body', description.body, request.body) as Parsed<Body>,
      };
      const answer = await handle(input, { request, response });
      response.status(answer.status ?? status).json(answer.body);
    },
  };
}

interface StreamDescription<Params extends Shape, Query extends Shape> extends Description<Params, Query> {
  readonly reply: Reply;
  readonly alsoReplies?: Readonly<Record<number, string>>;
  readonly handle: (input: {
    params: Parsed<Params>;
    query: Parsed<Query>;
    request: Request;
    response: Response;
  }) => Promise<void>;
}

/** A route whose body or answer is bytes or a stream of events. */
export function streamRoute<Params extends Shape = undefined, Query extends Shape = undefined>(
  description: StreamDescription<Params, Query>,
): Route {
  const { handle, ...rest } = description;
  return {
    ...(rest as Omit<Route, 'run'>),
    run: (request, response) =>
      handle({
        params: parse('path', description.params, request.params) as Parsed<Params>,
        query: parse('query', description.query ?? NO_QUERY, request.query) as Parsed<Query>,
        request,
        response,
      }),
  };
}

const NO_QUERY = z.strictObject({});

function parse(where: string, schema: z.ZodType | undefined, value: unknown): unknown {
  if (schema === undefined) return undefined;
  const unstorable = findUnstorable(value, where);
  if (unstorable !== undefined) {
    throw new InvalidRequestError(
      `${unstorable} holds a character that no text may hold (NUL or half a surrogate pair)`,
    );
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const faults = result.error.issues.map(
    (issue): Fault => ({ path: [where, ...issue.path].map(String).join('.'), message: issue.message }),
  );
  throw new InvalidRequestError(faults.map((fault) => `${fault.path}: ${fault.message}`).join('; '), faults);
}

/** PostgreSQL keeps neither NUL nor half a surrogate pair in a text. */
const UNSTORABLE = /[\0\p{Surrogate}]/u;

function findUnstorable(value: unknown, path: string): string | undefined {
  if (typeof value === 'string') return UNSTORABLE.test(value) ? path : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, entry] of Object.entries(value)) {
    if (UNSTORABLE.test(key)) return path;
    const found = findUnstorable(entry, `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
