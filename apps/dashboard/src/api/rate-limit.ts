import type { RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { presentedToken, tokenHash } from './authority.js';
import { TooManyRequestsError } from './failures.js';

const MINUTE_MS = 60_000;

/**
 * Each token, or each address without one, may ask so often in a minute; refused requests are told when to come again
 * (Retry-After). The count is this process's own: with several behind a balancer each counts for itself.
 */
export function limitRate(perMinute: number): RequestHandler {
  return rateLimit({
    windowMs: MINUTE_MS,
    limit: perMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    keyGenerator: (request) => {
      const token = presentedToken(request);
      return token === undefined ? ipKeyGenerator(request.ip ?? '') : tokenHash(token);
    },
    handler: (_request, _response, next) =>
      next(new TooManyRequestsError(`more than ${perMinute} requests in a minute: go on after Retry-After seconds`)),
  });
}

/** Wrong tokens of one address in a minute: a page with an old token sends a few, a program that guesses sends many. */
const WRONG_TOKENS_PER_MINUTE = 120;

/** Who guesses tokens has another one with each request, and is known by its address and by being refused. */
export function limitGuesses(): RequestHandler {
  return rateLimit({
    windowMs: MINUTE_MS,
    limit: WRONG_TOKENS_PER_MINUTE,
    standardHeaders: false,
    legacyHeaders: false,
    skipSuccessfulRequests: true,
    requestWasSuccessful: (_request, response) => response.statusCode !== 401,
    keyGenerator: (request) => ipKeyGenerator(request.ip ?? ''),
    handler: (_request, response, next) => {
      response.set('Retry-After', String(MINUTE_MS / 1000));
      next(new TooManyRequestsError(`more than ${WRONG_TOKENS_PER_MINUTE} requests without a valid token in a minute`));
    },
  });
}
