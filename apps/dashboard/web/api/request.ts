import { useQuery } from '@tanstack/react-query';
import type { Problem } from '@xvision/contracts';
import { text } from '../texts/shell.js';

/** The API said no, in its own words. */
class ApiError extends Error {
  override readonly name = 'ApiError';
  /** The HTTP status; 0 while nobody answers. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The token is missing, expired or revoked. */
export const isUnknownCaller = (error: Error): boolean => error instanceof ApiError && error.status === 401;

const TRIES = 2;

/** Whether a question is asked again by itself: a server may come back, a refusal stays one. */
export function worthAnotherTry(failures: number, error: Error): boolean {
  if (failures >= TRIES) return false;
  return !(error instanceof ApiError) || error.status === 0 || error.status === 429 || error.status >= 500;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

/** An answer that is no JSON, or not only. Throws {@link ApiError}. */
export async function answered(path: string, init?: RequestInit): Promise<Response> {
  const response = await fetch(path, init).catch(() => {
    throw new ApiError(0, text.noAnswer);
  });
  if (!response.ok) {
    const problem = (await response.json().catch(() => undefined)) as Problem | undefined;
    throw new ApiError(response.status, problem?.detail ?? text.answered(response.status));
  }
  return response;
}

/** Throws {@link ApiError}. */
export async function request<Result>(path: string, init?: RequestInit): Promise<Result> {
  const response = await answered(path, init);
  return (response.status === 204 ? undefined : await response.json()) as Result;
}

/** A picture as an address that an `img` takes; a refusal says why, which an `img` could not. Throws {@link ApiError}. */
export async function picture(path: string): Promise<string> {
  const bytes = await (await answered(path)).blob();
  return await new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(typeof reader.result === 'string' ? reader.result : ''));
    reader.addEventListener('error', () => reject(new ApiError(0, text.noAnswer)));
    reader.readAsDataURL(bytes);
  });
}

/** Sends JSON. Throws {@link ApiError}. */
export function send<Result>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown) {
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  return request<Result>(path, { method, headers: { 'content-type': 'application/json' }, ...content });
}

/** How often an answer that is still being worked on is looked at; the pipeline need not tell of its end. */
const WATCH_MS = 1000;

interface Refreshed<Result> {
  /** Also so often. */
  readonly everyMs?: number;
  /** Also each second while this holds of the answer. */
  readonly whileOpen?: (found: Result) => boolean;
}

/** What a path answers, kept and fetched anew when the pipeline moves. */
export function useResource<Result>(path: string, { everyMs, whileOpen }: Refreshed<Result> = {}) {
  return useQuery({
    queryKey: [path],
    queryFn: () => request<Result>(path),
    refetchInterval: ({ state: { data } }) =>
      data !== undefined && whileOpen?.(data) === true ? WATCH_MS : (everyMs ?? false),
  });
}
