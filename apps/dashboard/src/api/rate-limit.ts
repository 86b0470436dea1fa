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
