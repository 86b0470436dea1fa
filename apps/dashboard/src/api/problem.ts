import { BlobCorruptError, BlobMismatchError, BlobMissingError, BlobTooLargeError } from '@xvision/blob-store';
import { type Problem, TransientError } from '@xvision/contracts';
import {
  ConflictError,
  ForbiddenError,
  InvalidRequestError,
  NotFoundError,
  TooManyRequestsError,
  UnauthenticatedError,
  UnfitRequestError,
  UnsatisfiableRangeError,
} from './failures.js';

interface Answer {
  readonly status: number;
  readonly title: string;
  readonly detail?: string;
}

/** The one function from error to status. What it does not know is a fault of ours, and its words stay in the log. */
export function problemOf(error: unknown, requestId: string): Problem {
  const { status, title, detail } = known(error) ?? {
    status: 500,
    title: 'Something went wrong here',
    detail: `The log of the dashboard names the cause under request ${requestId}.`,
  };
  const faults = error instanceof InvalidRequestError && error.faults.length > 0 ? [...error.faults] : undefined;
  return {
    type: 'about:blank',
    title,
    status,
    detail: detail ?? (error instanceof Error ? error.message : title),
    ...(faults === undefined ? {} : { faults }),
  };
}

const KINDS: readonly (readonly [new (...args: never[]) => Error, number, string])[] = [
  [InvalidRequestError, 400, 'The request is not what this route takes'],
  [UnauthenticatedError, 401, 'A token is needed'],
  [ForbiddenError, 403, 'Not allowed'],
  [NotFoundError, 404, 'Not found'],
  [BlobMissingError, 404, 'The bytes are not in the store'],
  [ConflictError, 409, 'This conflicts with what is there'],
  [BlobTooLargeError, 413, 'Too large'],
  [UnsatisfiableRangeError, 416, 'There is no such part'],
  [BlobMismatchError, 422, 'The bytes are not what was announced'],
  [UnfitRequestError, 422, 'The request cannot be carried out'],
  [TooManyRequestsError, 429, 'Asked too often'],
  [BlobCorruptError, 500, 'The stored bytes are damaged'],
  [TransientError, 503, 'Not possible just now'],
];

function known(error: unknown): Answer | undefined {
  for (const [kind, status, title] of KINDS) if (error instanceof kind) return { status, title };
  return bodyProblem(error) ?? databaseProblem(error);
}

/** What Express and its body parser throw carries a status and, for bodies, a type. */
function bodyProblem(error: unknown): Answer | undefined {
  const { type, limit, status } = fields(error);
  if (type === 'entity.too.large') {
    return {
      status: 413,
      title: 'Too large',
      detail: `The body is larger than the ${String(limit)} bytes that this route takes.`,
    };
  }
  if (type === 'entity.parse.failed') {
    return {
      status: 400,
      title: 'Malformed JSON',
      detail: 'The body is not JSON: check its quotes, commas and brackets.',
    };
  }
  if (typeof status === 'number' && status >= 400 && status < 500) return { status, title: 'The request is malformed' };
  return undefined;
}

/** PostgreSQL is away or has no connection to spare: the same request works later. */
function databaseProblem(error: unknown): Answer | undefined {
  const { name, code } = fields(error);
  const away =
    name === 'PrismaClientInitializationError' ||
    ['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028'].includes(String(code));
  if (!away && !/ECONNREFUSED|Connection terminated|terminating connection|the database system is/.test(String(error)))
    return undefined;
  return {
    status: 503,
    title: 'Not possible just now',
    detail: 'The catalogue (PostgreSQL) does not answer. Try again in a moment.',
  };
}

function fields(error: unknown): Record<string, unknown> {
  return typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : {};
}
